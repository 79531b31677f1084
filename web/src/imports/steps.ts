export const STEPS = ["file", "columns", "check", "consent", "result"] as const;
export type Step = (typeof STEPS)[number];
