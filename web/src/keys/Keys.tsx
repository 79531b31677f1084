import { lazy, Suspense, useEffect, useState } from "react";
import { withWords } from "../words/words.tsx";
import { isAnythingOpen, pressed, useKeys } from "./keys.ts";
import { onOpenKeys } from "./opening.ts";

const Shortcuts = lazy(withWords(() => import("./Shortcuts.tsx")));
const Palette = lazy(withWords(() => import("./Palette.tsx")));

/** The keyboard of every page: its letters, `?` for all of them, Ctrl or ⌘ and K to go anywhere. */
export function Keys() {
  const [open, setOpen] = useState<"shortcuts" | "palette">();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
        event.preventDefault();
        if (!isAnythingOpen()) setOpen("palette");
      } else pressed(event);
    };
    document.addEventListener("keydown", onKeyDown);
    const stop = onOpenKeys(() => setOpen("shortcuts"));
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      stop();
    };
  }, []);
  useKeys({
    "?": () => setOpen("shortcuts"),
    "/": () => document.querySelector<HTMLInputElement>("input[data-search]")?.focus(),
  });
  const close = () => setOpen(undefined);
  return (
    <Suspense fallback={null}>
      {open === "shortcuts" && <Shortcuts onClose={close} />}
      {open === "palette" && <Palette onClose={close} />}
    </Suspense>
  );
}
