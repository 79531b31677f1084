import type { settings as english } from "../en/settings.ts";

export const settings = {
  title: "Ajustes",
  church: "Iglesia",
  churchName: "Nombre de la iglesia",
  timezone: "Zona horaria",
  save: "Guardar",
  saved: "Guardado.",
} satisfies typeof english;
