import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queries.ts";
import { router } from "./routes.tsx";
import "./style/tokens.css";
import "./style/base.css";
import { applyTheme } from "./style/theme.ts";
import { trustNothingButOurselves } from "./trusted.ts";
import { ignoreStrayDrops } from "./ui/strayDrops.ts";
import { ToastRegion } from "./ui/ToastRegion.tsx";
import { preferredLanguage, WordsProvider, wordsOf } from "./words/words.tsx";

trustNothingButOurselves();
applyTheme();
ignoreStrayDrops();
// Loaded beside what is drawn, and the pages need it for nothing.
void import("./serviceWorker.ts").then((worker) => worker.registerServiceWorker()).catch(() => {});
const language = preferredLanguage();
document.documentElement.lang = language;
const words = await wordsOf(language);

const place = document.getElementById("app");
if (place === null) throw new Error("index.html has no element #app");
createRoot(place).render(
  <StrictMode>
    <WordsProvider first={words}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <ToastRegion />
      </QueryClientProvider>
    </WordsProvider>
  </StrictMode>,
);
