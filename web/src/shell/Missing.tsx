import { ButtonLink } from "../ui/Button.tsx";
import { EmptyState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";

/** An address without a page. */
export function Missing() {
  const words = useWords().common;
  return (
    <EmptyState
      icon="search"
      title={words.pageMissing}
      action={
        <ButtonLink to="/inbox/{-$conversationId}" params={{ conversationId: undefined }}>
          {words.toInbox}
        </ButtonLink>
      }
    >
      {words.pageMissingWhy}
    </EmptyState>
  );
}
