import type { deviceNotices as english } from "../en/deviceNotices.ts";

export const deviceNotices = {
  title: "Avisos en este dispositivo",
  lead: "Solo para este navegador; sus otros dispositivos tienen los suyos.",
  show: "Mostrar avisos",
  showWhy:
    "Mientras haya una página nuestra abierta, en la pestaña que sea. No muestran ni números ni mensajes.",
  denied:
    "Su navegador no nos deja mostrar avisos. Permítalos en sus ajustes para esta página y recárguela.",
  sound: "Sonido",
  volumes: { off: "Apagado", quiet: "Bajo", normal: "Normal", loud: "Alto" },
  test: "Probar el sonido",
  when: "Avisarme cuando",
  reasons: {
    mentioned: "una nota me mencione",
    assigned: "me asignen una conversación",
    keyword: "llegue una palabra clave que me interesa",
    reply_refused: "no se envíe una respuesta programada mía",
  },
} satisfies typeof english;
