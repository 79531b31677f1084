import type { ConversationItem } from "@koinonia/client";

type Named = Pick<ConversationItem, "phone" | "member" | "memberCount">;

/** "Ruth Meyer", else the number as people write it. */
export function nameOf({ member, phone }: Pick<Named, "member" | "phone">): string {
  return member === null ? prettyPhone(phone) : fullName(member);
}

/** How many more people are known on the phone. */
export function othersOf({ member, memberCount }: Named): number {
  return member === null ? memberCount : Math.max(0, memberCount - 1);
}

export function fullName(name: { firstName: string | null; lastName: string | null }): string {
  return [name.firstName, name.lastName].filter(Boolean).join(" ");
}

/** "+12025550142" → "(202) 555-0142"; other countries as they are. */
export function prettyPhone(phone: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return match ? `(${match[1]}) ${match[2]}-${match[3]}` : phone;
}
