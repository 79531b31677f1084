import type { Member } from "@koinonia/client";

export function fullName(member: Pick<Member, "firstName" | "lastName">): string {
  return [member.firstName, member.lastName].filter(Boolean).join(" ");
}
