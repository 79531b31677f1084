import type { notifications as english } from "../en/notifications.ts";

export const notifications = {
  title: "Avisos",
  lead: "Lo que ha pasado y le concierne. Cada aviso se guarda 90 días.",
  preferences: "Cómo recibir avisos",
  readAll: "Marcar todo como leído",
  read: "Marcar como leído",
  onlyUnread: "Solo lo nuevo",
  isNew: "Nuevo",
  none: "Todavía nada",
  allRead: "Lo ha leído todo",
  noneWhy: "Cuando alguien le asigne una conversación o le mencione, estará aquí.",
  sentences: {
    assigned: ({ byName }) => `${byName ?? "Alguien"} le asignó una conversación`,
    mentioned: ({ byName }) => `${byName ?? "Alguien"} le mencionó en una nota`,
    keyword: () => "Alguien envió una palabra clave que usted sigue",
    reply_refused: () => "No se envió una respuesta que usted había programado",
    import_finished: ({ details }) =>
      details.isFailed
        ? "Su importación se detuvo antes de terminar"
        : "Su importación ha terminado",
    broadcast_failed: ({ details: { count, total } }) =>
      count === null
        ? "No se hizo un envío: el plan no lo cubre"
        : `No se entregaron ${count} de ${total ?? count} mensajes de su envío`,
    allowance_low: ({ details }) =>
      `Se ha usado el ${details.count ?? 80} % de los mensajes de su plan`,
    allowance_gone: () => "Se han usado todos los mensajes de su plan",
    number_cut_off: () => "Su número está desconectado del operador",
    number_back: () => "Su número vuelve a estar conectado",
    address_failed: ({ byName }) =>
      `${byName ?? "Alguien"} no recibe correo: la dirección no lo acepta`,
  },
  kinds: {
    assigned: "Le asignan una conversación",
    mentioned: "Una nota le menciona",
    keyword: "Llega una palabra clave que usted sigue",
    reply_refused: "No se envía su respuesta programada",
    import_finished: "Su importación ha terminado",
    broadcast_failed: "Falla un envío",
    allowance_low: "El plan se está acabando",
    allowance_gone: "El plan se ha acabado",
    number_cut_off: "Un número queda desconectado",
    number_back: "Un número vuelve a funcionar",
    address_failed: "Alguien no recibe correo",
  },
  kindsWhy: "El correo dice solo lo que no haya leído antes en la aplicación.",
  inApp: "En la aplicación",
  mail: "Por correo",
  mails: { off: "Nunca", soon: "En unos minutos", daily: "Una vez al día" },
  hours: "Horario",
  hoursWhy: "En las horas de silencio no llega correo. Llega cuando terminan.",
  timezone: "Su zona horaria",
  quietFrom: "Silencio desde",
  quietUntil: "Silencio hasta",
  digestAt: "Correo del día a las",
} satisfies typeof english;
