import type { errors as english } from "../en/errors.ts";

export const errors: typeof english = {
  offline: "No se pudo contactar al servidor. Revise su conexión e intente de nuevo.",
  unknown: "Algo salió mal aquí. Intente de nuevo; si se repite, recargue la página.",
  codes: {
    NO_ACTIVE_NUMBER:
      "La iglesia aún no tiene un número desde el que escribir. Pida uno en Ajustes, Números.",
    INVALID_CREDENTIALS: "Este correo y esta contraseña no corresponden. Revise ambos.",
    UNAUTHORIZED: "Su sesión ya no está abierta.",
    SESSION_ENDED: "Su sesión ya no está abierta.",
    TOKEN_EXPIRED: "Su sesión ya no está abierta.",
    CSRF_INVALID: "Esta página es demasiado antigua. Recárguela e intente de nuevo.",
    CSRF_MISSING: "Esta página es demasiado antigua. Recárguela e intente de nuevo.",
    TOO_MANY_ATTEMPTS: "Demasiados intentos. Espere un momento e intente de nuevo.",
    RATE_LIMITED: "Demasiadas solicitudes. Espere un momento e intente de nuevo.",
    EMAIL_TAKEN: "Este correo ya tiene una cuenta. Inicie sesión con él.",
    WEAK_PASSWORD:
      "Esta contraseña es fácil de adivinar. Elija otra: mejor unas palabras que no tengan que ver entre sí.",
    PERSONAL_PASSWORD:
      "Esta contraseña está hecha de su dirección, su nombre o su iglesia. Elija otra.",
    INVITATION_INVALID: "La invitación ya no sirve. Pida una nueva a quien le invitó.",
    VALIDATION_ERROR: "Algunos datos no son válidos. Corrija los campos marcados.",
    FORBIDDEN: "Su rol no permite esto. Pídalo a un administrador.",
    UNAVAILABLE: "El servicio no está disponible. Intente de nuevo en un momento.",
    UPSTREAM_DOWN: "El servicio no está disponible. Intente de nuevo en un momento.",
    UPSTREAM_TIMEOUT: "La respuesta tardó demasiado. Revise si se hizo e intente de nuevo.",
    INTERNAL_ERROR: "Algo salió mal en el servidor. Intente de nuevo en un momento.",
  },
};
