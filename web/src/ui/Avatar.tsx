import styles from "./Avatar.module.css";

const TINTS = 6;

/** Initials on a tint that stays with the name. Decoration, so no text: the name stands beside it. */
export function Avatar(props: { name: string; size?: "s" | "m" | "l" }) {
  return (
    <span
      className={styles.avatar}
      data-size={props.size ?? "m"}
      data-tint={tint(props.name)}
      data-initials={initials(props.name)}
      aria-hidden="true"
    />
  );
}

/** "Ruth Meyer" → "RM"; a number has none, so it shows its last two figures. */
export function initials(name: string): string {
  const digits = name.replace(/\D/g, "");
  if (digits.length >= 7) return digits.slice(-2);
  const words = name.split(/[\s,&]+/).filter((word) => /\p{L}/u.test(word));
  const first = words[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  return (first.charAt(0) + last.charAt(0)).toLocaleUpperCase();
}

function tint(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % TINTS;
}
