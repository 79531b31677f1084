import type { groups as english } from "../en/groups.ts";
import { plurals } from "../plural.ts";

const count = plurals("es");

export const groups = {
  title: "Grupos",
  lead: "Las sedes de su iglesia, y en cada una sus grupos.",
  people: (number: number) => count(number, "persona", "personas"),
  empty: "Todavía no hay grupos",
  emptyWhy:
    "Los grupos pertenecen a una sede: un campus, o simplemente su iglesia. Empiece con una.",
  addBranch: "Añadir sede",
  branchName: "Nombre de la sede",
  branchHint: "Por ejemplo: Sede principal.",
  rename: "Cambiar el nombre",
  addGroup: "Añadir grupo",
  editGroup: "Cambiar grupo",
  groupName: "Nombre del grupo",
  branch: "Sede",
  noGroups: "Esta sede todavía no tiene grupos.",
  stopWord: "Palabra tras STOP",
  stopWordHint: "Quien envía STOP y esta palabra deja solo los mensajes de este grupo.",
  number: "Número",
  numberHint: "Lo que se envía a este grupo sale de este número.",
  anyNumber: "Cualquiera",
  actionsOf: (name: string) => `Qué se puede hacer con ${name}`,
  saved: (name: string) => `${name} está guardado.`,
  removeOne: (name: string) => `Quitar ${name}`,
  removed: (name: string) => `${name} se quitó.`,
  removeBranchWhy: "Una sede se puede quitar cuando no tiene grupos. No se puede deshacer.",
  removeGroupWhy:
    "Sus personas siguen en la iglesia y en sus otros grupos. Los envíos programados y los filtros que nombran el grupo no encuentran a nadie. No se puede deshacer.",
  nobody: "No hay nadie en este grupo",
  nobodyWhy: "Añada personas aquí, o deje que entren enviando una palabra clave.",
  addPeople: "Añadir personas",
  add: "Añadir",
  addOne: (name: string) => `Añadir a ${name}`,
  isIn: "En el grupo",
  keywords: "Palabras clave",
  keywordsWhy: "Quien envía una de estas palabras a la iglesia entra en el grupo.",
  noKeywords: "Todavía ninguna palabra llena este grupo.",
  addKeyword: "Añadir palabra",
  editKeyword: (word: string) => `Cambiar ${word}`,
  word: "Palabra",
  wordHint: "El mensaje debe ser esta palabra y nada más. Las mayúsculas no importan.",
  answer: "Respuesta",
  answerHint: "Se envía a quien entra. Vacía: una breve bienvenida nuestra.",
  isOn: "En uso",
  off: "Apagada",
  removeKeywordWhy:
    "A quien la envíe después le responde el equipo. Las personas se quedan en el grupo.",
} satisfies typeof english;
