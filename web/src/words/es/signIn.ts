import type {
  join as englishJoin,
  recovery as englishRecovery,
  register as englishRegister,
  secondFactor as englishSecondFactor,
  signIn as englishSignIn,
} from "../en/signIn.ts";

export const signIn = {
  title: "Iniciar sesión",
  lead: "Mensajes entre una iglesia y su gente.",
  email: "Correo electrónico",
  password: "Contraseña",
  showPassword: "Mostrar la contraseña",
  hidePassword: "Ocultar la contraseña",
  submit: "Iniciar sesión",
  noAccount: "¿Su iglesia es nueva aquí?",
  register: "Registrar su iglesia",
  haveAccount: "¿Su iglesia ya está aquí?",
  ended: "Su sesión terminó; inicie sesión de nuevo. Volverá a donde estaba.",
  endedTitle: "Su sesión terminó",
  endedLead: (email: string) =>
    `Inicie sesión de nuevo como ${email} para continuar. Se conserva todo lo que escribió.`,
  somebodyElse: "Iniciar sesión con otra cuenta",
  signedOut: "Ha cerrado la sesión.",
} satisfies typeof englishSignIn;

export const register = {
  title: "Registrar su iglesia",
  lead: "Puede preparar todo de inmediato: personas, grupos y los primeros mensajes.",
  churchName: "Nombre de la iglesia",
  churchNameHint: "Como la conoce la gente. Se puede cambiar después.",
  firstName: "Nombre",
  lastName: "Apellido",
  passwordHint: "Al menos 10 caracteres. Una frase es fácil de recordar.",
  passwordFaults: {
    common:
      "Está entre las contraseñas que se prueban primero. Mejor unas palabras que no tengan que ver entre sí.",
    personal: "Está hecha de su dirección, su nombre o su iglesia, que otros conocen.",
  },
  timezone: "Zona horaria",
  timezoneHint: "Los mensajes esperan a la mañana de esta zona.",
  submit: "Registrar",
} satisfies typeof englishRegister;

export const join = {
  title: "Únase a su equipo",
  lead: "Le han invitado. Elija una contraseña y listo.",
  submit: "Unirme",
  noToken: "Este enlace no está completo",
  noTokenWhy: "Abra de nuevo el enlace de la invitación o pida uno nuevo a quien le invitó.",
  haveAccount: "¿Ya se unió?",
} satisfies typeof englishJoin;

export const recovery = {
  forgot: "¿Olvidó su contraseña?",
  forgotTitle: "Elegir una contraseña nueva",
  forgotLead: "Le enviamos un enlace por correo. Funciona una sola vez, durante 30 minutos.",
  ask: "Enviarme un enlace",
  asked:
    "Si esta dirección tiene una cuenta, el enlace ya va en camino. Mire también en el correo no deseado.",
  resetTitle: "Elegir una contraseña nueva",
  resetLead: "Se cerrará la sesión en todos los dispositivos de su cuenta.",
  newPassword: "Contraseña nueva",
  choose: "Guardar la contraseña",
  resetDone: "Su contraseña ha cambiado",
  resetDoneWhy: "Inicie sesión con ella.",
  another: "Enviarme otro enlace",
  noToken: "Abra de nuevo el enlace del correo o pida uno nuevo.",
  confirmTitle: "Confirme su correo electrónico",
  confirmLead: "Así sabemos que es suyo.",
  confirm: "Confirmar la dirección",
  confirmed: "Su dirección está confirmada",
  goOn: "Continuar",
} satisfies typeof englishRecovery;

export const secondFactor = {
  title: "Segundo factor",
  why: "Un código de su teléfono además de la contraseña. Quien conozca su contraseña no podrá entrar.",
  on: "Activado",
  codesLeft: (left: number) => `Quedan ${left} de 10 códigos de recuperación.`,
  setUp: "Configurar",
  goOn: "Continuar",
  enrolTitle: "Configure un segundo factor",
  enrolLead: "Su iglesia lo pide a todo el equipo. Solo hace falta un minuto y su teléfono.",
  codeTitle: "Un paso más",
  codeLead: "Su contraseña es correcta.",
  code: "Código",
  codeOrRecovery: "Seis cifras de su aplicación de autenticación, o un código de recuperación.",
  scan: "Escanee esto con una aplicación de autenticación, como la que guarda sus contraseñas.",
  picture: "Código QR para una aplicación de autenticación",
  orType: "O escriba esto en ella:",
  firstCode: "Las seis cifras que la aplicación muestra ahora.",
  turnOn: "Activar",
  isOn: "Su segundo factor está activado.",
  recoveryCodes: "Códigos de recuperación",
  recoveryWhy:
    "Guarde estos códigos lejos del teléfono. Cada uno le deja entrar una vez si lo pierde. Solo se muestran ahora.",
  copy: "Copiarlos",
  copied: "Los códigos están copiados.",
  kept: "Ya los guardé",
  newCodes: "Códigos nuevos",
  newCodesWhy: "Los anteriores dejan de servir.",
  turnOff: "Desactivar",
  turnOffWhy: "Desde entonces basta su contraseña para entrar.",
  isOff: "Su segundo factor está desactivado.",
  team: "Segundo factor del equipo",
  teamWhy: "Quien no lo tenga lo configurará al iniciar sesión.",
  required: "Obligatorio",
  require: "Hacerlo obligatorio",
  requireTitle: "¿Pedir un segundo factor a todo el equipo?",
  requireWhy:
    "A quien no lo tenga se le cierra la sesión ahora, y lo configurará antes de volver a entrar.",
  requireNoMore: "Dejar de pedirlo",
  requireNoMoreTitle: "¿Dejar entrar al equipo solo con la contraseña?",
  requireNoMoreWhy: "Quien tenga un segundo factor lo conserva, y puede desactivarlo.",
  saved: "Guardado.",
} satisfies typeof englishSecondFactor;
