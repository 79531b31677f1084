export const refusals: Record<string, string> = {
  EMPTY_TEXT: "El mensaje está vacío. Escriba algo, elija una plantilla o añada una imagen.",
  PREVIEW_CHANGED:
    "Algo cambió desde que lo miró: quién lo recibe o cuánto cuesta. Mire el plan otra vez y envíe.",
  SCHEDULED_TOO_SOON: "Esa hora ya pasó, o falta menos de un minuto. Elija una más tarde.",
  DRAFT_CHANGED:
    "Alguien del equipo guardó este borrador mientras tanto. Ábralo de nuevo en Borradores para ver qué escribió.",
  DRAFT_NOT_FOUND: "Este borrador ya no está: alguien del equipo lo envió o lo quitó.",
  MESSAGE_NOT_SENDING: "Ahora no se está enviando, así que no hay nada que pausar.",
  MESSAGE_NOT_PAUSED: "No está en pausa, así que no hay nada que continuar.",
  KEYWORD_DOES_NOTHING:
    "Una palabra clave necesita algo que hacer: un grupo al que unirse, una respuesta o alguien a quien avisar.",
  CONSENT_COLUMN:
    "Una columna habla del consentimiento. Vuelva a las columnas y diga si es un sí o un no a los mensajes, u omítala.",
  IMPORT_NOT_IN_STATE: "Esta importación avanzó mientras tanto. Vuelva a cargar la página.",
  IMPORT_NOT_MAPPED: "Diga primero qué son las columnas.",
  IMPORT_NOT_FOUND: "Esta importación ya no está. Se guarda 30 días.",
  WRONG_CODE: "El código no es correcto o ya se usó. Espere el siguiente y escríbalo.",
  CHALLENGE_OVER: "Tardó demasiado o su contraseña cambió. Inicie sesión de nuevo.",
  SECOND_FACTOR_NEEDED: "Su iglesia pide un segundo factor a todos. Hable con un propietario.",
  NO_SECOND_FACTOR: "Primero configure su segundo factor.",
  SECOND_FACTOR_EXISTS: "Ya tiene un segundo factor. Desactívelo antes de configurar otro.",
  WRONG_PASSWORD: "Esta no es su contraseña. Escriba la que usa para entrar.",
};
