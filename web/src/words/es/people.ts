import type { people as english } from "../en/people.ts";
import { ended } from "../ended.ts";
import { plurals } from "../plural.ts";

const count = plurals("es");
const persons = (number: number) => count(number, "persona", "personas");

const list = {
  title: "Personas",
  count: persons,
  add: "Añadir persona",
  importList: "Importar",
  search: "Buscar por nombre o teléfono",
  filter: "Filtrar",
  filters: (number: number) => `Filtrar (${number})`,
  clearFilters: "Quitar los filtros",
  apply: "Mostrar",
  any: "Cualquiera",
  dropFilter: (name: string) => `Quitar el filtro «${name}»`,
  select: "Selección",
  selectPerson: (name: string) => `Seleccionar a ${name}`,
  selectLoaded: (number: number) => `Seleccionar los ${number} que se muestran`,
  selected: (number: number) =>
    number === 1 ? "1 persona seleccionada" : `${persons(number)} seleccionadas`,
  selectEverybody: (number: number) => `Seleccionar a todos: ${persons(number)}`,
  moveGroup: "Pasar a otro grupo",
  order: "Orden de la lista",
  orderIs: (order: string) => `Orden: ${order}`,
  orders: { newest: "Los más nuevos primero", name: "Por apellido" },
  downloadPeople: "Descargar estas personas (CSV)",
  downloadConsents: "Descargar todos los consentimientos (CSV)",
  conversation: "Conversación",
  joinGroup: "Añadir a un grupo",
  leaveGroup: "Sacar de un grupo",
  changed: (number: number) => `Se cambió a ${persons(number)}.`,
  empty: "Todavía no hay nadie",
  emptyWhy:
    "Traiga la lista de su sistema anterior, en CSV o Excel, o añada a las personas una a una.",
  nobodyFits: "Nadie coincide",
  nobodyFitsWhy: "Ninguna persona tiene todo lo que pidió.",
  segments: "Filtros guardados",
  saveSegment: "Guardar este filtro",
  saveSegmentWhy: "Quien cumpla después estará incluido sin más. También puede enviarle mensajes.",
  segmentName: "Nombre",
  segmentSaved: (name: string) => `«${name}» está guardado.`,
  segmentRemoved: (name: string) => `«${name}» se quitó.`,
  segmentMisses:
    "Nombra un grupo, una sede o un campo que ya no existe, así que no encuentra a nadie.",
  removeSegment: (name: string) => `Quitar «${name}»`,
  removeSegmentWhy:
    "Las personas se quedan. Los envíos programados a este filtro ya no encuentran a nadie.",
  noSegments: "No hay filtros guardados",
  noSegmentsWhy: "Filtre la lista y guárdela con un nombre.",
  look: "Mostrar",
};

const card = {
  name: "Nombre",
  firstName: "Nombre",
  lastName: "Apellido",
  phone: "Teléfono",
  email: "Correo",
  group: "Grupo",
  groups: "Grupos",
  branch: "Sede",
  field: "Campo",
  fieldValue: "es",
  fieldValueHint: "Vacío: quien tenga cualquier valor.",
  fieldIs: (label: string, value: string) =>
    value === "*" ? `${label}: alguno` : value === "" ? `${label}: ninguno` : `${label}: ${value}`,
  heard: "Último mensaje",
  joined: "Desde",
  joinedIn: (days: number) => (days === 365 ? "En el último año" : `En los últimos ${days} días`),
  heardChoices: {
    "30": "Escribió en los últimos 30 días",
    "90": "Escribió en los últimos 90 días",
    not90: "No en los últimos 90 días",
    not365: "No en el último año",
    never: "Nunca escribió",
  },
  since: "Aquí desde",
  details: "Datos",
  editPerson: "Cambiar esta persona",
  saved: (name: string) => `${name} está guardado.`,
  agreed: "Esta persona aceptó recibir mensajes",
  agreedHint: "Sin esto nadie escribe a este teléfono. Márquelo solo si lo dijo.",
  household: "En el mismo teléfono",
  householdWhy: "Quienes comparten el teléfono leen lo que se envía a los demás.",
  nobodyElse: "Nadie más tiene este teléfono.",
  texts: "Últimos envíos",
  noTexts: "Todavía no se envió nada a este teléfono.",
  statuses: {
    pending: "En espera",
    sending: "En camino",
    sent: "Enviado",
    unconfirmed: "Sin confirmar",
    failed: "Falló",
    delivered: "Entregado",
    skipped: "Omitido",
  },
  remove: "Quitar",
  removePeople: "Quitar",
  removePerson: (name: string) => `¿Quitar a ${name}?`,
  removeMany: (number: number) => `Quitar a ${persons(number)}`,
  removeWhy:
    "Sale de todos los grupos y no recibe más envíos. No se puede deshacer. Su conversación se queda, y también lo que se sabe de su consentimiento.",
  removed: (number: number) => `Se quitó a ${persons(number)}.`,
};

const merging = {
  merge: "Unir con otra ficha",
  mergeWhy: (name: string) =>
    `Busque la segunda ficha de ${name}. Esta ficha se queda, gana lo que le falta, y la otra se quita.`,
  isTheSame: "La misma persona",
  whosePhone: "¿Qué teléfono es el correcto?",
  stays: "Se queda",
  mergeRemoves: (name: string) => `La ficha de ${name} se quita. No se puede deshacer.`,
  mergeDrops: (phone: string) => `${phone} ya no es de nadie; su conversación se queda.`,
  mergeOptsOut: "El teléfono pidió no recibir mensajes, así que esta persona no recibe ninguno.",
  mergeYes: "Unir",
  merged: "Las dos fichas son una.",
};

const consent = {
  consent: "Consentimiento",
  consentWhy: "Quién dijo qué, cuándo, y cómo lo sabemos.",
  consents: { granted: "Recibe mensajes", revoked: "No quiere", none: "Sin consentir" },
  asking: "¿Pidió parar?",
  askingWhy: "Su mensaje quizá pide parar, y nadie lo ha decidido.",
  stopQuestion: (words: string, until: string) =>
    ended(
      `«${words}» quizá pide parar. No se envía nada a este teléfono hasta que usted decida; sin respuesta cuenta como una baja desde ${until}`,
    ),
  isStop: "Sí, parar",
  isNoStop: "No, es una respuesta normal",
  recordConsent: "Anotar consentimiento",
  recordStop: "Anotar una baja",
  recordConsentWhy: (phone: string) =>
    `Anote cómo el dueño de ${phone} aceptó recibir mensajes. Queda en el registro con su nombre.`,
  recordStopWhy: (phone: string) =>
    `Desde ahora nadie puede escribir a ${phone}, hasta que su dueño envíe START o acepte de nuevo.`,
  how: "¿Cómo lo sabe?",
  bySpeech: "Nos lo dijo, de palabra o por carta",
  byForm: "Llenó un formulario en la web",
  theirWords: "Lo que dijo o firmó",
  theirWordsHint: "Sus propias palabras, o las del formulario que firmó.",
  note: "Su nota",
  saidOn: "Cuándo",
  saidOnHint: "Vacío: ahora.",
  recorded: "Queda en el registro.",
  noConsentKnown: "No se sabe nada, así que no se escribe a este teléfono.",
  ownStop: "Envió STOP por sí mismo. Solo esa persona puede retirarlo, enviando START.",
  blocked: "La operadora rechaza los mensajes a este teléfono, porque envió STOP.",
  unreachable: {
    landline: "Es un teléfono fijo, que no recibe mensajes.",
    invalid: "La operadora no conoce este número.",
  },
  stoppedGroups: (names: string) => `Paró los mensajes de: ${names}.`,
  kinds: {
    granted: "Aceptó",
    revoked: "Se dio de baja",
    confirmed: "Lo confirmó",
    asked: "Quizá pidió parar",
    kept: "Era una respuesta normal",
    annulled: "Retirado",
  },
  methods: {
    keyword: "Por mensaje",
    import: "Con una lista importada",
    web_form: "Con un formulario en la web",
    staff: "Se lo dijo al equipo",
    carrier: "Lo informó la operadora",
    unsettled: "Nadie decidió a tiempo",
  },
};

export const people = { ...list, ...card, ...merging, ...consent } satisfies typeof english;
