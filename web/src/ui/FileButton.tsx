import { FileTrigger } from "react-aria-components";
import { Button, IconButton } from "./Button.tsx";

/** Opens the device's own way to choose files. */
export function FileButton(props: {
  label: string;
  accept: string[];
  onChoose: (files: File[]) => void;
  allowsMultiple?: boolean;
  isIcon?: boolean;
}) {
  return (
    <FileTrigger
      acceptedFileTypes={props.accept}
      allowsMultiple={props.allowsMultiple === true}
      onSelect={(files) => files && props.onChoose([...files])}
    >
      {props.isIcon === true ? (
        <IconButton icon="paperclip" label={props.label} />
      ) : (
        <Button icon="upload">{props.label}</Button>
      )}
    </FileTrigger>
  );
}
