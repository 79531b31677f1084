import button from "../ui/Button.module.css";
import { Icon } from "../ui/Icon.tsx";

/** A file of the import, as a link: the browser keeps it. */
export function Download(props: { importId: string; kind: "refused" | "kept"; label: string }) {
  return (
    <a
      className={button["button"]}
      data-kind="secondary"
      data-size="s"
      href={`/api/imports/${props.importId}/${props.kind}`}
      download
    >
      <Icon name="download" />
      {props.label}
    </a>
  );
}
