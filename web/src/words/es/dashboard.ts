import type { dashboard as english } from "../en/dashboard.ts";
import { plurals } from "../plural.ts";

const count = plurals("es");

const needs = {
  title: "Panel",
  needs: "Lo que necesita a alguien",
  nothing: "Nada le espera.",
  notVerified:
    "Confirme su correo: abra el enlace que le enviamos. Hasta entonces no recibe número ni hace envíos.",
  waiting: (number: number) =>
    `${count(number, "conversación espera", "conversaciones esperan")} respuesta.`,
  oldest: (ago: string) => `La más antigua llegó ${ago}.`,
  toInbox: "Responder",
  asking: (number: number) =>
    `${count(number, "persona quizá pidió", "personas quizá pidieron")} parar.`,
  decide: "Decidir",
  numberTrouble: (phone: string) => `No se puede llegar a ${phone}.`,
  toNumbers: "Ver los números",
  unconfirmed: (number: number) =>
    `De ${count(number, "mensaje", "mensajes")} la operadora nunca dijo si llegó.`,
};

const figures = {
  textsToday: "Mensajes hoy",
  inWeek: (number: string) => `${number} en siete días`,
  delivered: "Entregados",
  deliveredWhy: "de los mensajes cuyo destino se conoce",
  replies: "Respuestas del equipo",
  inWeekOf: (all: string) => `en siete días, ${all} en total`,
  people: "Personas",
  open: (number: number) => count(number, "conversación abierta", "conversaciones abiertas"),
  month: "Los últimos 30 días",
  series: { recipients: "Mensajes", delivered: "Entregados", replies: "Respuestas del equipo" },
  showFigures: "Mostrar las cifras",
  day: "Día",
  failed: "Fallaron",
  broadcasts: "Últimos envíos",
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
  noSchedules: "No hay nada programado.",
};

const firstDay = {
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
