import type { errors as english } from "../en/errors.ts";

export const errors: typeof english = {
  offline: "No se pudo contactar al servidor. Revise su conexión e intente de nuevo.",
  unknown: "Algo salió mal aquí. Intente de nuevo; si se repite, recargue la página.",
  codes: {
    NO_ACTIVE_NUMBER:
      "La iglesia aún no tiene un número desde el que escribir. Pida uno en Ajustes, Números.",
    EMPTY_TEXT: "El mensaje está vacío. Escriba algo, elija una plantilla o añada una imagen.",
    PREVIEW_CHANGED:
      "Algo cambió desde que lo miró: quién lo recibe o cuánto cuesta. Mire el plan otra vez y envíe.",
    DRAFT_CHANGED:
      "Alguien del equipo guardó este borrador mientras tanto. Ábralo de nuevo en Borradores para ver qué escribió.",
    DRAFT_NOT_FOUND: "Este borrador ya no está: alguien del equipo lo envió o lo quitó.",
    MESSAGE_NOT_SENDING: "Ahora no se está enviando, así que no hay nada que pausar.",
    MESSAGE_NOT_PAUSED: "No está en pausa, así que no hay nada que continuar.",
    KEYWORD_DOES_NOTHING:
      "Una palabra clave necesita algo que hacer: un grupo al que unirse, una respuesta o alguien a quien avisar.",
    INVALID_CREDENTIALS: "Este correo y esta contraseña no corresponden. Revise ambos.",
    UNAUTHORIZED: "Su sesión ya no está abierta.",
    SESSION_ENDED: "Su sesión ya no está abierta.",
    TOKEN_EXPIRED: "Su sesión ya no está abierta.",
    CSRF_INVALID: "Esta página es demasiado antigua. Recárguela e intente de nuevo.",
    CSRF_MISSING: "Esta página es demasiado antigua. Recárguela e intente de nuevo.",
    TOO_MANY_ATTEMPTS: "Demasiados intentos. Espere un momento e intente de nuevo.",
    RATE_LIMITED: "Demasiadas solicitudes. Espere un momento e intente de nuevo.",
    EMAIL_TAKEN: "Este correo ya tiene una cuenta. Inicie sesión con él.",
    WEAK_PASSWORD: "Esta contraseña es fácil de adivinar. Elija una más larga.",
    INVITATION_INVALID: "La invitación ya no sirve. Pida una nueva a quien le invitó.",
    VALIDATION_ERROR: "Algunos datos no son válidos. Corrija los campos marcados.",
    FORBIDDEN: "Su rol no permite esto. Pídalo a un administrador.",
    UNAVAILABLE: "El servicio no está disponible. Intente de nuevo en un momento.",
    UPSTREAM_DOWN: "El servicio no está disponible. Intente de nuevo en un momento.",
    UPSTREAM_TIMEOUT: "La respuesta tardó demasiado. Revise si se hizo e intente de nuevo.",
    INTERNAL_ERROR: "Algo salió mal en el servidor. Intente de nuevo en un momento.",
  },
};
