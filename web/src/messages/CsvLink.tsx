import { type DeliveryStatus, ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { saveFile } from "../api/saveFile.ts";
import { Button } from "../ui/Button.tsx";
import { useWords } from "../words/words.tsx";

/** The table as a file. It is fetched like everything else, so that an ended session says so. */
export function CsvLink(props: { messageId: string; status: DeliveryStatus | undefined }) {
  const words = useWords().messages;
  const { messageId, status } = props;
  const download = useMutation({
    async mutationFn() {
      const query = status === undefined ? {} : { status };
      const content = await ok(
        api.GET("/api/messages/{messageId}/recipients/export", {
          params: { path: { messageId }, query },
          parseAs: "blob",
        }),
      );
      saveFile(content, `recipients-${status ?? "all"}.csv`);
    },
  });
  return (
    <Button
      size="s"
      icon="download"
      isPending={download.isPending}
      onPress={() => download.mutate()}
    >
      {words.download}
    </Button>
  );
}
