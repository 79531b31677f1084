import type { navigation as english } from "../en/navigation.ts";

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
    settings: "Ajustes",
  },
  unread: (count: number) => `${count} sin leer`,
  account: "Su cuenta",
  signedInAs: (name: string) => `Sesión de ${name}`,
  theme: "Apariencia",
  themes: { system: "Como el dispositivo", light: "Claro", dark: "Oscuro" },
  language: "Idioma",
  shortcuts: "Atajos de teclado",
  signOut: "Cerrar sesión",
} satisfies typeof english;
