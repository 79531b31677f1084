import type { settings as english } from "../en/settings.ts";

const church = {
  title: "Ajustes",
  sections: {
    church: "Iglesia y usted",
    team: "Equipo",
    numbers: "Números",
    rules: "Reglas de envío",
    hours: "Horario",
    replies: "Respuestas guardadas",
    fields: "Campos",
    labels: "Etiquetas",
    usage: "Plan y uso",
  },
  churchName: "Nombre de la iglesia",
  timezone: "Zona horaria",
  timezoneHint: "Los mensajes esperan a la mañana de esta zona.",
  language: "Idioma de sus mensajes",
  languageHint: "Para que la búsqueda encuentre otras formas de una palabra.",
  you: "Usted",
  email: "Correo electrónico",
  firstName: "Nombre",
  lastName: "Apellido",
  save: "Guardar",
  saved: "Guardado.",
  change: (name: string) => `Cambiar ${name}`,
  removeOne: (name: string) => `Quitar ${name}`,
  removed: (name: string) => `${name} se quitó.`,
};

const team = {
  teamWhy: "Cada quien tiene su propia cuenta, para que cada mensaje tenga su autor.",
  itIsYou: "Usted",
  seen: (ago: string) => `estuvo aquí ${ago}`,
  notSeen: "sin venir hace dos meses",
  role: "Puede hacer",
  roleOf: (name: string) => `¿Qué puede hacer ${name}?`,
  roles: { owner: "Propietario", admin: "Administrador", staff: "Personal", viewer: "Lector" },
  rolesWhy: {
    owner: "Todo, también la iglesia y sus propietarios.",
    admin: "También el equipo, los números, las reglas y quitar personas.",
    staff: "Mensajes, respuestas, personas y grupos.",
    viewer: "Lee y no cambia nada.",
  },
  removeColleagueWhy:
    "Su sesión termina de inmediato y no puede volver. Lo que escribió se queda, y lo que tenía asignado es de todos.",
  invitations: "Invitaciones",
  invitationsWhy: "A quién se pidió entrar y todavía no lo hizo.",
  noInvitations: "No hay nadie invitado.",
  invite: "Invitar",
  validUntil: (moment: string) => `Vale hasta ${moment}`,
  removeInvitationWhy: "El enlace de esta invitación ya no abre nada.",
  passOn: (email: string) =>
    `Pase este enlace a ${email}. Solo se muestra ahora; quien lo abre elige una contraseña y entra.`,
};

const numbers = {
  numbersWhy: "Los números de los que salen sus mensajes.",
  numbersOf: (held: number, limit: number) =>
    `Su plan tiene ${limit} ${limit === 1 ? "número" : "números"}, ${held} en uso.`,
  noNumbers: "Todavía no hay ningún número. Pida uno para enviar su primer mensaje.",
  notVerified: "Primero confirme su correo: abra el enlace que le enviamos.",
  orderNumber: "Pedir número",
  order: "Pedir",
  orderWhy:
    "Es suyo en un minuto o dos y cuenta para su plan. La gente lo guarda en su teléfono, así que elija una zona que conozca.",
  areaCode: "Código de área",
  areaCodeHint: "Tres cifras, por ejemplo 615.",
  numberOrdered: "El número está pedido.",
  numberStatuses: { pending: "Pedido", active: "En uso", failed: "Falló", released: "Liberado" },
  connections: {
    connected: "Conectado",
    relinking: "Reconectándose",
    lost: "Perdido en la operadora",
    held_elsewhere: "En otra parte de la operadora",
  },
  inArea: (areaCode: string) => `Un número del ${areaCode}`,
  ordered: (moment: string) => `pedido ${moment}`,
  nameNumber: "Decir para qué es",
  numberLabel: "Para qué es",
  numberLabelHint: "Por ejemplo: Jóvenes, o Sede norte.",
  checkNumber: "Revisar en la operadora",
  releaseNumber: "Liberar",
  releaseTitle: (name: string) => `¿Liberar ${name}?`,
  releaseWhy:
    "El número se entrega para siempre. No se puede recuperar, y lo que la gente le escriba desde ahora se pierde.",
  released: (name: string) => `${name} está liberado.`,
};

const rules = {
  rulesWhy: "Valen para todos los envíos, los haga quien los haga.",
  textsFrom: "Envíos desde",
  textsUntil: "hasta",
  quietHint: "En la hora de cada teléfono. Lo que llega después espera a la mañana.",
  weeklyBudget: "Envíos por semana a una persona, como máximo",
  weeklyBudgetHint: "Vacío: los que envíe. Los demás omiten a esa persona, y lo dicen.",
  helpContact: "A quién nombra HELP",
  helpContactHint: "Quien envía HELP recibe esto: un teléfono, la dirección de la oficina.",
  hoursWhy: (zone: string) => `En la hora de ${zone.replaceAll("_", " ")}.`,
  hoursOn: "Responder cuando no hay nadie",
  hoursOnHint: "Una vez, a quien escribe fuera de este horario.",
  hoursAnswer: "La respuesta",
  hoursAnswerHint: "Por ejemplo: Lo leemos mañana. En una emergencia llame al (202) 555-0142.",
  closed: "Cerrado",
  opens: "Abre",
  closes: "Cierra",
  addSpan: "Añadir horas",
  removeSpan: (from: string, to: string) => `Quitar de ${from} a ${to}`,
};

const lists = {
  repliesWhy: "Respuestas que da a menudo. Escriba / en una respuesta para encontrarlas.",
  addReply: "Añadir respuesta",
  noReplies: "Todavía no hay respuestas guardadas.",
  shortcut: "Atajo",
  shortcutHint: "Letras, cifras, - y _. Por ejemplo: horarios.",
  replyText: "Texto",
  removeReplyWhy: "Lo que se envió con ella se queda.",
  fieldsWhy: "Lo que anota de las personas. Un mensaje puede nombrarlo entre llaves dobles.",
  addField: "Añadir campo",
  noFields: "Todavía no hay campos. Por ejemplo: cumpleaños, o grupo pequeño.",
  fieldLabel: "Nombre",
  fieldKey: "Nombre en los mensajes",
  fieldKeyHint: "Se hace del nombre. Después no se puede cambiar.",
  fieldKeyFixed: "Se queda, porque los mensajes pueden nombrarlo.",
  removeFieldWhy:
    "Sus valores se pierden para todos. No se puede deshacer. Los mensajes que lo nombran muestran lo que está tras la barra.",
  labelsWhy: "Marcas en las conversaciones, como oración o seguimiento.",
  addLabel: "Añadir etiqueta",
  noLabels: "Todavía no hay etiquetas.",
  labelName: "Nombre",
  colour: "Color",
  removeLabelWhy: "Se quita de todas las conversaciones. No se puede deshacer.",
};

const usage = {
  plan: (name: string) => `Plan ${name}`,
  subscription: {
    trialing: "Prueba",
    active: "Activo",
    past_due: "Pago pendiente",
    canceled: "Termina",
  },
  until: (day: string) => `este periodo termina el ${day}`,
  usedOf: (used: string, allowance: string) => `${used} de ${allowance} partes usadas`,
  remaining: "Quedan",
  underWay: "Reservadas para envíos en camino",
  approved: "Envíos y respuestas",
  partPrice: "Precio de una parte",
  carrierCost: "Cobrado por la operadora",
  numberLimit: "Números permitidos",
  dollars: (exact: string) => `$${exact}`,
};

export const settings = {
  ...church,
  ...team,
  ...numbers,
  ...rules,
  ...lists,
  ...usage,
} satisfies typeof english;
