import type {
  keywords as englishKeywords,
  templates as englishTemplates,
} from "../en/templates.ts";
import { plurals } from "../plural.ts";

const count = plurals("es");

export const templates = {
  title: "Plantillas",
  lead: "Textos que se escriben una vez y se usan de nuevo.",
  add: "Nueva plantilla",
  use: "Usar",
  sendNamed: (name: string) => `Usar ${name}`,
  edit: (name: string) => `Editar ${name}`,
  remove: (name: string) => `Quitar ${name}`,
  name: "Nombre",
  category: "Categoría",
  categoryHint: "Como Domingo, Eventos, Cuidado. La misma palabra las agrupa.",
  content: "Texto",
  search: "Buscar una plantilla",
  categories: "Categoría",
  allCategories: "Todas",
  files: (files: number) => count(files, "imagen", "imágenes"),
  empty: "Aún no hay plantillas",
  emptyWhy: "Lo que se envía cada semana o cada año merece una plantilla.",
  nothingFound: "Ninguna plantilla coincide",
  saved: "La plantilla se guardó.",
  removed: "La plantilla se quitó.",
  removeTitle: (name: string) => `¿Quitar «${name}»?`,
  removeWhy: "Los mensajes enviados con ella quedan como están.",
  removeYes: "Quitar",
} satisfies typeof englishTemplates;

export const keywords = {
  title: "Palabras clave",
  lead: "Palabras que la gente envía para unirse a un grupo o recibir una respuesta.",
  add: "Nueva palabra",
  word: "Palabra",
  wordHint: "La gente envía solo esta palabra. Las mayúsculas no importan.",
  group: "Grupo al que se une",
  noGroup: "Ninguno",
  answer: "Respuesta",
  answerHint: "Lo que reciben enseguida. Sin respuesta no oyen nada.",
  notify: "Avisar a",
  notifyNone: "El equipo aún no tiene a nadie más.",
  isActive: "En uso",
  off: "Sin uso",
  columns: {
    word: "Palabra",
    group: "Se une a",
    answer: "Respuesta",
    notify: "Avisa a",
    state: "Estado",
  },
  people: (people: number) => count(people, "persona", "personas"),
  nobody: "Nadie",
  empty: "Aún no hay palabras clave",
  emptyWhy:
    "Ponga una en un cartel: «Envíe CORO para unirse». Quien la envía está en el grupo y ha aceptado.",
  edit: (word: string) => `Cambiar ${word}`,
  saved: "La palabra clave se guardó.",
  removed: "La palabra clave se quitó.",
  remove: (word: string) => `Quitar ${word}`,
  removeTitle: (word: string) => `¿Quitar ${word}?`,
  removeWhy: "Quien la envíe llegará a la bandeja como cualquier mensaje. El grupo queda igual.",
  removeYes: "Quitar",
} satisfies typeof englishKeywords;
