import type { dashboard as english } from "../en/dashboard.ts";
import { plurals } from "../plural.ts";

const count = plurals("es");

const needs = {
  title: "Panel",
  needs: "Lo que necesita a alguien",
  nothing: "Nada le espera.",
  notVerified:
    "Confirme su correo: abra el enlace que le enviamos. Hasta entonces no recibe número ni hace envíos.",
  waiting: (number: number) => `Tiene ${count(number, "conversación", "conversaciones")} sin leer.`,
  waitingMore: (number: string) => `Tiene más de ${number} conversaciones sin leer.`,
  oldest: (ago: string) => `La más antigua llegó ${ago}.`,
  toInbox: "Leer",
  asking: (number: number) =>
    `En ${count(number, "conversación", "conversaciones")} alguien quizá pidió no recibir más.`,
  decide: "Decidir",
  numberTrouble: (phone: string) => `No se puede llegar a ${phone}.`,
  toNumbers: "Ver los números",
};

const figures = {
  textsToday: "Mensajes hoy",
  inWeek: (number: string) => `${number} en siete días`,
  delivered: "Entregados",
  failures: (failed: string, unconfirmed: string) =>
    `${failed} fallaron, ${unconfirmed} sin confirmar`,
  replies: "Respuestas del equipo",
  inWeekOf: (all: string) => `en siete días, ${all} en total`,
  people: "Personas",
  open: (number: number) => count(number, "conversación abierta", "conversaciones abiertas"),
  month: "Los últimos 30 días",
  series: { recipients: "Mensajes", delivered: "Entregados", replies: "Respuestas del equipo" },
  showFigures: "Mostrar las cifras",
  hideFigures: "Ocultar las cifras",
  day: "Día",
  failed: "Fallaron",
  broadcasts: "Últimos envíos",
  allBroadcasts: "Todos los envíos",
  noBroadcasts: "Todavía no se envió nada.",
  phones: "Teléfonos",
  accepted: "Aceptados",
  arrived: "Entregados",
  replied: "Respondieron",
  stopped: "Pidieron no recibir más",
  notKnown: "Sin confirmar",
  skipped: "Omitidos",
  plan: "Su plan",
  details: "Detalles",
  endsOn: (day: string) => `Este periodo termina el ${day}.`,
  forecast: (parts: string) =>
    `A este ritmo usará unas ${parts} partes, más de las que tiene el plan.`,
  next: "Lo que sale después",
  allSchedules: "Todos",
  noSchedules: "No hay nada programado.",
};

const firstDay = {
  nothingSent: "Todavía no se envió nada",
  nothingSentWhy:
    "Aquí se ve cómo escribe su iglesia en cuanto alguien del equipo haga el primer envío.",
  firstDay: "Su primer día",
  firstDayWhy: "Tres pasos hasta su primer mensaje.",
  done: "Hecho",
  getNumber: "Consiga un número",
  getNumberWhy: "De él salen sus mensajes, y a él responde la gente.",
  numberOrdered: "Está pedido y llega en un minuto o dos.",
  orderNumber: "Pedir número",
  bringPeople: "Traiga a su gente",
  bringPeopleWhy: "Como archivo de su sistema anterior, o una a una.",
  importList: "Importar una lista",
  textYourself: "Escríbase a usted",
  textYourselfWhy: "Vea en su propio teléfono lo que verá su gente.",
  ownPhone: "Su propio teléfono",
  ownPhoneWhy: "Se le añade a las personas con este teléfono. Al enviar acepta recibir mensajes.",
  text: "Texto",
  firstText: (church: string) => `¡Hola de ${church}! Este es nuestro primer mensaje.`,
  sendNow: "Enviar",
  textSent: "El mensaje va en camino a su teléfono.",
};

export const dashboard = { ...needs, ...figures, ...firstDay } satisfies typeof english;
