import type { navigation as english } from "../en/navigation.ts";
import { ended } from "../ended.ts";

export const navigation = {
  label: "Páginas",
  more: "Más páginas",
  sections: {
    work: "Mensajes",
    people: "Personas",
    content: "Contenido",
    church: "Iglesia",
  },
  pages: {
    dashboard: "Panel",
    inbox: "Bandeja",
    send: "Enviar",
    messages: "Mensajes",
    schedules: "Programados",
    people: "Personas",
    groups: "Grupos",
    keywords: "Palabras clave",
    templates: "Plantillas",
    notifications: "Avisos",
    settings: "Ajustes",
  },
  unread: (count: number) => `${count} sin leer`,
  unreadNotifications: (count: number) => `${count > 99 ? "99+" : count} sin leer`,
  account: "Su cuenta",
  signedInAs: (name: string) => `Sesión de ${name}`,
  theme: "Apariencia",
  themes: { system: "Como el dispositivo", light: "Claro", dark: "Oscuro" },
  language: "Idioma",
  shortcuts: "Atajos de teclado",
  signOut: "Cerrar sesión",
  lost: (time: string) => ended(`Sin conexión. Se muestra lo que había a las ${time}`),
  late: "Las novedades llegan tarde en este momento. Ninguna se pierde.",
  catchingUp: "Poniéndose al día…",
} satisfies typeof english;
