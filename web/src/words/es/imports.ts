import type { imports as english } from "../en/imports.ts";
import { ended } from "../ended.ts";
import { plurals } from "../plural.ts";

/** What is said of a row, with what the sentence needs. */
type Said = (values: Record<string, string>) => string;

const count = plurals("es");
const rows = (number: number) => count(number, "fila", "filas");
const people = (number: number) => count(number, "persona", "personas");

const upload = {
  title: "Importar una lista",
  lead: "Traiga a las personas de su sistema anterior. No se escribe nada hasta que vea lo que pasaría.",
  file: "Un archivo",
  drop: "Suelte aquí un archivo CSV o Excel",
  chooseFile: "Elegir un archivo",
  fileHint: "Hasta 25 MB y 200 000 filas.",
  reading: "Leyendo el archivo…",
  pasteExample: "Nombre\tApellido\tTeléfono",
  paste: "O pegue filas de una hoja",
  pasteHint: "Con la fila que nombra las columnas, si la hay.",
  pastedName: "pegado.csv",
  readPasted: "Leer lo que pegué",
  earlier: "Importaciones anteriores",
  earlierWhy: "Se pueden ver y deshacer durante 30 días.",
  rows,
  statuses: {
    uploaded: "Sin terminar",
    checking: "Revisando las filas",
    checked: "Revisada",
    running: "Importando",
    done: "Importada",
    cancelled: "Detenida",
    failed: "Falló",
    undoing: "Deshaciendo",
    undone: "Deshecha",
  },
  stepsLabel: "Pasos de la importación",
  steps: {
    file: "Archivo",
    columns: "Columnas",
    check: "Revisión",
    consent: "Consentimiento",
    result: "Resultado",
  },
};

const columns = {
  headTitle: "La primera fila",
  headQuestion: "¿Es esta la fila con los nombres de las columnas?",
  isHead: "Sí, son nombres de columnas",
  isPerson: "No, ya es una persona",
  unnamed: (number: number) => `Columna ${number}`,
  columnsTitle: "¿Qué hay en cada columna?",
  columnsWhy: "Esto es lo que suponemos. Bajo cada nombre están las primeras filas de su archivo.",
  columnIs: (head: string) => `«${head}» es`,
  emptyColumn: "Vacía en las primeras filas",
  speaksOfConsent: "Sobre el consentimiento",
  sayWhat: "Diga qué es",
  newFieldName: "Nombre del campo nuevo",
  ownField: "Campo suyo",
  everybody: "Grupos",
  everybodyWhy: "Los grupos que nombra el archivo se crean si no existen.",
  joinAll: "Todos los de esta lista entran en",
  noGroups: "Todavía no hay grupos.",
  branchOfNew: "Sede de los grupos nuevos",
  branchOfNewWhy: "Donde el archivo nombra un grupo sin sede.",
  system: "¿Qué sistema dio estos identificadores?",
  systemWhy: "Así una lista posterior encuentra a las mismas personas, también con otro número.",
  chooseSystem: "Elija el sistema",
  otherSystem: "Otro…",
  systemName: "Nombre del sistema",
  dayOrder: "¿Cómo están escritas sus fechas?",
  dayOrders: {
    monthFirst: "Primero el mes: 4/5 es el 5 de abril",
    dayFirst: "Primero el día: 4/5 es el 4 de mayo",
  },
  undecided: (number: number) => `${count(number, "columna", "columnas")} por decidir`,
  leaveRest: "Omitir las columnas sin decidir",
  check: "Revisar las filas",
  targets: {
    firstName: "Nombre",
    lastName: "Apellido",
    name: "Nombre completo",
    phone: "Teléfono",
    email: "Correo",
    birthday: "Cumpleaños",
    groups: "Grupos",
    branch: "Sede del grupo",
    timezone: "Zona horaria",
    optIn: "Aceptó mensajes (sí o no)",
    optOut: "No quiere mensajes (sí o no)",
    externalId: "Identificador en otro sistema",
    field: "Campo suyo",
    newField: "Un campo nuevo…",
    leftOut: "Omitir",
  },
};

const refusals = {
  faults: {
    NO_PHONE: "Ninguna columna es el teléfono todavía. Diga arriba cuál tiene los números.",
    NO_SUCH_COLUMN: "El archivo tiene menos columnas. Vuelva a cargar la página.",
    COLUMN_TWICE: "Una columna se nombró dos veces. Vuelva a cargar la página.",
    TARGET_TWICE: "Otra columna de arriba ya es esto. Omita una de las dos.",
    FIELD_TWICE: "Otra columna de arriba ya es este campo. Omita una de las dos.",
    FIELD_UNNAMED: "Póngale un nombre al campo nuevo.",
    BRANCH_WITHOUT_GROUPS:
      "Las personas pertenecen a una sede por sus grupos. Diga qué columna nombra los grupos, o elija Grupos aquí para hacer un grupo de cada sede.",
    DAY_ORDER_OPEN: "Estas fechas se pueden leer de dos maneras. Diga qué va primero.",
    SYSTEM_UNNAMED: "Diga qué sistema dio estos identificadores, u omita la columna.",
  },
  refused: {
    EMPTY_FILE: "No hay nadie en este archivo. Necesita una fila por persona.",
    NOT_A_LIST:
      "Esto es una imagen o un documento, no una lista de personas. Exporte la lista como CSV o Excel (.xlsx) y elija ese archivo.",
    OLD_WORKBOOK:
      "Este archivo es de un Excel antiguo (.xls), tiene contraseña o es una página web. Ábralo en su programa de hojas de cálculo, guárdelo como Excel (.xlsx) sin contraseña y elija ese.",
    CONTACT_CARDS:
      "Estas son tarjetas de contacto (vCard). Exporte sus contactos como CSV y elija ese archivo.",
    BAD_ENCODING:
      "El texto de este archivo no se puede leer. Guárdelo en su programa de hojas de cálculo como Excel (.xlsx) o como «CSV UTF-8», y elíjalo de nuevo.",
    BAD_CSV:
      "Una fila de este archivo no se puede leer, porque le falta cerrar unas comillas. Ábralo en un programa de hojas de cálculo, guárdelo como Excel (.xlsx) y elija ese.",
    FILE_TOO_LARGE: "Este archivo pasa de 25 MB. Divídalo e importe las partes una por una.",
    TOO_LARGE: "Este archivo pasa de 25 MB. Divídalo e importe las partes una por una.",
    TOO_MANY_ROWS: "Este archivo tiene más de 200 000 filas. Divídalo e importe las partes.",
    TOO_MANY_COLUMNS:
      "Este archivo tiene más de 200 columnas. Deje las que hacen falta y elíjalo de nuevo.",
    CELL_TOO_LONG:
      "Una celda de este archivo tiene más de 10 000 letras. Acórtela, o quite su columna, y elija el archivo de nuevo.",
    BAD_WORKBOOK:
      "Este archivo no se puede leer como libro de Excel. Guárdelo de nuevo como .xlsx, sin contraseña, o como «CSV UTF-8».",
    WORKBOOK_TOO_LARGE:
      "Este libro es demasiado grande al desempaquetarlo. Guarde su primera hoja como «CSV UTF-8» y elija ese archivo.",
    TOO_MANY_IMPORTS:
      "Ya se guardan 50 importaciones. Se borran a los 30 días; escriba al soporte.",
    TOO_MANY_GROUPS:
      "El archivo nombra más de 1000 grupos. Elija otra columna para los grupos, u omítala.",
    IMPORT_HEAD_FIXED:
      "Esta fila se queda como está, porque no hay otra. Si está mal, elija el archivo de nuevo.",
    IMPORT_BROKEN:
      "Algo falló de nuestro lado, varias veces. Lo que se escribió antes se queda; deshágalo, o avise al soporte.",
  } as Record<string, string>,
};

const reasons = {
  whom: "Quién",
  phone: "Teléfono",
  noName: "Sin nombre",
  reasons: {
    PHONE_EMPTY: () => "En esta fila no hay teléfono.",
    PHONE_WITH_EXTENSION: () =>
      "A un número con extensión no se le puede escribir. Dé uno sin extensión.",
    PHONE_WITH_SIGNS: () =>
      "El teléfono tiene letras o signos. Escriba un solo número, como (202) 555-0142.",
    PHONE_TOO_SHORT: () =>
      "Al teléfono le faltan cifras. Escríbalo con su código de área, como (202) 555-0142.",
    PHONE_TOO_LONG: () => "El teléfono tiene demasiadas cifras. Escriba un solo número.",
    PHONE_NO_NUMBER: () => "Esto no es un teléfono. Escríbalo como (202) 555-0142.",
    PHONE_UNKNOWN: () => "Ningún teléfono tiene este número. Revise las cifras.",
    PHONE_NEVER_TEXTED: () => "A este número no se le puede escribir. Dé un número de celular.",
    PHONE_SHORTENED: () =>
      "Excel acortó este número y se perdieron sus últimas cifras. Escríbalo otra vez, en una columna con formato de texto.",
    PHONE_WITH_WORDS: ({ words = "" }) =>
      `Junto al número dice «${words}». Deje solo el número si se le puede escribir.`,
    EXTENSION_LEFT_OUT: () => "Se tomó el número sin su extensión.",
    OTHER_PHONES_LEFT_OUT: () => "La celda tiene varios teléfonos; se tomó uno de ellos.",
    NAME_EMPTY: () => "Falta el nombre.",
    NAME_TOO_LONG: ({ most = "" }) => `Un nombre tiene más de ${most} letras. Acórtelo.`,
    FIELD_TOO_LONG: ({ field = "", most = "" }) =>
      `«${field}» tiene más de ${most} letras. Acórtelo.`,
    DAY_UNREADABLE: ({ field = "" }) =>
      `Lo que dice «${field}» no es un día; se guardó como está escrito.`,
    EMAIL_INVALID: () => "El correo no es válido. Corríjalo u omítalo.",
    TIMEZONE_UNKNOWN: () => "No existe esa zona horaria. Escríbala como America/Chicago.",
    EXTERNAL_ID_INVALID: () =>
      "El identificador del otro sistema no es válido. Tiene hasta 100 letras y cifras.",
    EXTERNAL_ID_TWICE: ({ row = "" }) =>
      `La fila ${row} tiene el mismo identificador. Cada persona tiene el suyo.`,
    EXTERNAL_ID_OF_ANOTHER: () =>
      "Ya hay alguien con este nombre y teléfono, y el identificador es de otra persona. Una a las dos personas, o corrija la fila.",
    CONSENT_UNCLEAR: () =>
      "La celda sobre el consentimiento no dice sí ni no. Escriba uno de los dos, o déjela vacía.",
    SURPLUS_CELLS: () =>
      "La fila tiene más celdas que columnas. Ponga entre comillas el texto con comas.",
    GROUP_NAME_TOO_LONG: ({ most = "" }) =>
      `El nombre de un grupo tiene más de ${most} letras. Acórtelo.`,
    SAME_PERSON: ({ row = "" }) => `La misma persona que la fila ${row}; se juntan los grupos.`,
    NOTHING_NEW: () => "Ya está aquí, y la fila no dice nada nuevo.",
    MEMBER_GONE: () => "Alguien quitó a esta persona en ese momento. Importe la fila otra vez.",
  } as Record<string, Said>,
};

const checking = {
  checkTitle: "Lo que haría la importación",
  checkWhy: "Se revisó cada fila. Todavía no se escribió nada.",
  progress: (done: number, all: number) => `${rows(done)} de ${all}`,
  mayLeave: "Puede salir de esta página. Sigue sola, y el resultado espera aquí.",
  stop: "Detener",
  wouldBe: {
    created: "Nuevas",
    updated: "Actualizadas",
    skipped: "Omitidas",
    failed: "Rechazadas",
  },
  became: {
    created: "Añadidas",
    updated: "Actualizadas",
    skipped: "Omitidas",
    failed: "Rechazadas",
  },
  granted: "Aceptaron mensajes",
  optedOut: "Se dieron de baja",
  households: "Teléfonos compartidos",
  newGroups: (names: string) => `Se crean estos grupos: ${names}.`,
  newFields: (names: string) => `Se crean estos campos: ${names}.`,
  refusedWhy: (number: number) =>
    `Se ${number === 1 ? "rechaza" : "rechazan"} ${rows(number)}, cada una con su motivo. Corríjalas en el archivo e importe ese archivo.`,
  refusedFile: "Filas rechazadas (CSV)",
  rowsTitle: "Fila por fila",
  all: "Todas",
  row: "Fila",
  outcome: "Resultado",
  reason: "Motivo",
  backToColumns: "Volver a las columnas",
  toConsent: "Continuar",
};

const consent = {
  consentTitle: "¿Cómo aceptaron estas personas?",
  consentWhy:
    "La ley lo exige, y las operadoras pueden preguntarle. Lo que escriba aquí queda en el registro de cada persona.",
  didTheyAgree: "¿Aceptaron recibir mensajes de su iglesia?",
  agreed: "Sí, aceptaron",
  agreedWhy: "En una tarjeta, un formulario, o de palabra.",
  notAgreed: "No, o no lo sé",
  notAgreedWhy: "Se importan, y nadie les escribe hasta que acepten.",
  nobodyTexted:
    "A nadie de esta lista se le escribe por haber sido importado. A quien aceptó antes se le puede seguir escribiendo.",
  wording: "¿Qué aceptaron?",
  wordingHint: "Las palabras que leyeron u oyeron.",
  source: "¿Dónde?",
  sourceHint: "Por ejemplo: la tarjeta de bienvenida de 2026.",
  agreedOn: "¿Cuándo?",
  start: "Importar",
};

const result = {
  allWell: "Todas las filas pasaron.",
  keptUntil: (moment: string) => ended(`Este resultado se guarda hasta ${moment}`),
  toPeople: "Ver a las personas",
  undo: "Deshacer la importación",
  undoTitle: "¿Deshacer esta importación?",
  undoWhy: (created: number, updated: number) =>
    `Se quitan ${people(created)} que llegaron con ella${updated === 0 ? "" : `, y ${people(updated)} quedan como antes`}, si nadie las cambió después. El consentimiento que anotó deja de contar. Las bajas se quedan.`,
  undone: (removed: number, putBack: number, annulled: number) =>
    `Se quitaron ${people(removed)}, ${people(putBack)} quedaron como antes, y se retiraron ${count(annulled, "consentimiento", "consentimientos")}.`,
  undoKept: (number: number) => `De ${rows(number)} quedó algo, porque alguien lo cambió después.`,
  keptFile: "Lo que quedó (CSV)",
};

export const imports = {
  ...upload,
  ...columns,
  ...refusals,
  ...reasons,
  ...checking,
  ...consent,
  ...result,
} satisfies typeof english;
