/** Why a text did not arrive, by the code that the API gives. */
export const failures: Record<string, string> = {
  staff: "El equipo pausó este envío. Reanúdelo para enviar el resto.",
  no_active_number:
    "La iglesia no tiene ningún número del que puedan salir mensajes. Pida uno en los ajustes.",
  number_disconnected:
    "Este número no está conectado con la operadora, así que no salen mensajes de él. Los ajustes dicen qué hacer.",
  no_consent:
    "No consta que nadie haya aceptado mensajes en este teléfono, y nunca les ha escrito.",
  declined: "El plan no permitió este envío, así que no se envió nada.",
  no_report: "La red móvil nunca dijo si el mensaje llegó.",
  cancelled: "El envío se canceló antes de que saliera este mensaje.",
  too_late: "Ya había pasado la hora límite de este mensaje, así que no se envió.",
  invalid_number: "Este número de teléfono no existe. Corríjalo en la página de la persona.",
  not_textable: "Este teléfono no puede recibir mensajes; quizá es una línea fija.",
  region_not_allowed: "No están activados los mensajes al país de este teléfono.",
  opted_out: "Esta persona pidió no recibir mensajes. Puede volver enviando START.",
  unreachable: "No se pudo llegar al teléfono. Quizá está apagado.",
  refused: "La red móvil de la persona rechazó el mensaje.",
  expired: "El mensaje esperó demasiado en el camino y se descartó.",
  loop: "Dos remitentes automáticos se respondían uno al otro, así que el mensaje se detuvo.",
  content_blocked:
    "El mensaje se bloqueó por su contenido. Escríbalo de otro modo y sin enlaces cortos.",
  too_long: "El mensaje es demasiado largo. Acórtelo y envíelo de nuevo.",
  bad_media:
    "Una imagen o un archivo es demasiado grande o de un tipo no admitido. Como máximo 10, de 1 MB.",
  spam_suspected: "Una red móvil tomó el mensaje por spam. Escríbalo de otro modo.",
  network_limit: "Una red móvil limita la velocidad de envío; el mensaje tiene que esperar.",
  throttled: "La operadora está ocupada y pidió ir más despacio; el mensaje tiene que esperar.",
  carrier_trouble: "La operadora tiene un problema; lo intentamos de nuevo.",
  not_connected: "No se pudo llegar a la operadora; lo intentamos de nuevo.",
  no_answer: "La operadora no respondió, así que no se sabe si el mensaje salió.",
  sender_blocked: "Su número de envío fue bloqueado. Pida otro número a soporte.",
  sender_on_hold:
    "Su número de envío aún no está listo. Reanude lo que quedó en pausa cuando lo esté.",
  not_registered:
    "Su número no está registrado con las redes móviles. Regístrelo y luego reanude el envío.",
  misconfigured:
    "La operadora no deja salir mensajes de su número. Se está revisando; pida ayuda a soporte si tarda.",
  spend_limit: "Se alcanzó el límite de gasto del día. Auméntelo o espere un día, y luego reanude.",
  account:
    "Los mensajes están interrumpidos para todos. Soporte lo sabe y reanudará lo que quedó en pausa.",
  number_taken: "Este número ya no está libre. Elija otro.",
  search_first: "Este número se ofreció hace demasiado tiempo. Busque de nuevo y pídalo.",
  not_found: "La operadora no conoce lo que pedimos.",
  bad_request: "El mensaje no se pudo enviar por un error nuestro. Soporte lo sabe.",
  key_reused: "Ya se envió otro mensaje en lugar de este. Soporte lo sabe.",
  unknown: "La operadora rechazó el mensaje por una razón que no conocemos.",
};
