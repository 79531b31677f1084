/** "+12025550142" → "(202) 555-0142"; a number of another country stays as it is. */
export function phoneText(phone: string): string {
  const found = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return found === null ? phone : `(${found[1]}) ${found[2]}-${found[3]}`;
}
