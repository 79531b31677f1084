import type {
  join as englishJoin,
  recovery as englishRecovery,
  register as englishRegister,
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
