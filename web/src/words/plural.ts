/** "1 person", "1,204 people": the number as the language writes it, with the right noun. */
export function plurals(locale: string): (count: number, one: string, other: string) => string {
  const rules = new Intl.PluralRules(locale);
  const figures = new Intl.NumberFormat(locale);
  return (count, one, other) =>
    `${figures.format(count)} ${rules.select(count) === "one" ? one : other}`;
}
