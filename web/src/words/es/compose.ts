import type { compose as english } from "../en/compose.ts";
import { plurals } from "../plural.ts";

const count = plurals("es");
const list = new Intl.ListFormat("es");

export const compose = {
  fields: "Campos para insertar",
  insertField: "Insertar un campo",
  fieldNames: {
    firstName: "Nombre",
    lastName: "Apellido",
    fullName: "Nombre completo",
    churchName: "Nombre de la iglesia",
  },
  friend: "amigo",
  template: "Usar una plantilla",
  templateUsed: (name: string) => `El texto es ahora el de «${name}».`,
  picture: "Agregar una imagen",
  emoji: "Emoji",
  parts: (parts: number, grows: boolean) =>
    `${count(parts, "parte", "partes")}${grows ? " o más" : ""}`,
  left: (units: number) =>
    units === 1 ? "Queda 1 carácter en esta parte" : `Quedan ${units} caracteres en esta parte`,
  tooLong: (most: number) => `Un mensaje tiene como máximo ${most} partes. Acórtelo.`,
  fieldsGrow:
    "Los nombres y otros datos también cuentan. La vista previa cuenta el texto de cada persona.",
  costly: (letters: string[], all: number) =>
    `${list.format(letters)}${all > letters.length ? " y otros" : ""} ${
      all === 1 ? "deja" : "dejan"
    } lugar para 70 caracteres por parte, en vez de 160.`,
  cheaperForm: (parts: number) => `Usar letras simples: ${count(parts, "parte", "partes")}`,
  sample: (at: number, of: number, parts: number) =>
    `Ejemplo ${at} de ${of} · ${count(parts, "parte", "partes")}`,
  sampleBefore: "Ejemplo anterior",
  sampleNext: "Ejemplo siguiente",
} satisfies typeof english;
