import type { apiKeys as english } from "../en/apiKeys.ts";

const subjects: Record<string, string> = {
  analytics: "Cifras",
  audit: "Registro de acciones",
  billing: "Plan y uso",
  canned_replies: "Respuestas guardadas",
  church: "Iglesia",
  conversations: "Conversaciones",
  fields: "Campos",
  files: "Imágenes y archivos",
  keywords: "Palabras clave",
  labels: "Etiquetas",
  messages: "Mensajes",
  numbers: "Números",
  office_hours: "Horario de oficina",
  people: "Personas",
  team: "Equipo",
  templates: "Plantillas",
  webhooks: "Webhooks",
};

const levels: Record<string, string> = {
  read: "ver",
  work: "ver y cambiar",
  manage: "ver, cambiar y administrar",
  own: "como propietario",
};

const special: Record<string, string> = {
  "messages.work": "Mensajes: ver, escribir y enviar",
  "conversations.work": "Conversaciones: ver y responder",
};

export const apiKeys: typeof english = {
  title: "Claves de API",
  why: "Con una clave otro programa trabaja para su iglesia: envía, lee o mantiene las personas al día, y nada que la clave no permita.",
  none: "Ningún programa tiene una clave.",
  make: "Crear una clave",
  name: "Nombre",
  nameHint: "¿Para qué programa es? Aparece en el registro de acciones.",
  permissions: "Qué puede hacer",
  lifetime: "Funciona durante",
  days: (count) => `${count} días`,
  ending: (hint) => `…${hint}`,
  until: (day) => `funciona hasta el ${day}`,
  over: (day) => `terminó el ${day}`,
  expired: "Terminada",
  used: (ago) => `último uso ${ago}`,
  neverUsed: "sin usar",
  may: (list) => `Puede: ${list}`,
  shownOnce: (name) =>
    `Esta es la clave de ${name}. Solo se muestra ahora: guárdela donde su programa lee sus secretos.`,
  removeWhy:
    "El programa que la usa será rechazado en un minuto como máximo. No se puede deshacer.",
  permission(permission) {
    const known = special[permission];
    if (known !== undefined) return known;
    const [subject = "", level = ""] = permission.split(".");
    return `${subjects[subject] ?? subject}: ${levels[level] ?? level}`;
  },
};
