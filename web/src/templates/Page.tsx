import type { Template } from "@koinonia/client";
import { ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { templatesToUseQuery } from "../send/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, ButtonLink, IconButton } from "../ui/Button.tsx";
import { RemoveDialog } from "../ui/EditDialog.tsx";
import { Page } from "../ui/Page.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Page.module.css";
import { TemplateDialog } from "./TemplateDialog.tsx";

const ALL = " ";

/** Texts to use again. A church has dozens, so all of them are here and found by typing. */
export function TemplatesPage() {
  const words = useWords().templates;
  const mayWork = useMay("templates.work");
  const [edited, setEdited] = useState<Template | "new">();
  const { data, error, refetch } = useQuery(templatesToUseQuery);
  const add = mayWork && (
    <Button kind="primary" icon="plus" onPress={() => setEdited("new")}>
      {words.add}
    </Button>
  );
  return (
    <Page title={words.title} lead={words.lead} actions={data?.length === 0 ? null : add}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton lines={8} />}
      {data?.length === 0 && (
        <EmptyState icon="template" title={words.empty} action={add}>
          {words.emptyWhy}
        </EmptyState>
      )}
      {data !== undefined && data.length > 0 && <Found templates={data} onEdit={setEdited} />}
      {edited !== undefined && (
        <TemplateDialog
          template={edited === "new" ? null : edited}
          categories={[...new Set(data?.map(({ category }) => category))]}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Page>
  );
}

function Found(props: { templates: Template[]; onEdit: (template: Template) => void }) {
  const words = useWords().templates;
  const { category, search = "" } = useSearch({ from: "/within/templates" });
  const navigate = useNavigate({ from: "/templates" });
  const wanted = search.trim().toLocaleLowerCase();
  const categories = [...new Set(props.templates.map((each) => each.category))].sort();
  const found = props.templates.filter(
    (each) =>
      (category === undefined || each.category === category) &&
      `${each.name} ${each.content}`.toLocaleLowerCase().includes(wanted),
  );
  return (
    <>
      <div className={styles.filters}>
        <div className={styles.search}>
          <SearchField
            label={words.search}
            value={search}
            onChange={(typed) =>
              void navigate({
                search: ({ search: _old, ...rest }) =>
                  typed === "" ? rest : { ...rest, search: typed },
                replace: true,
              })
            }
          />
        </div>
        {categories.length > 1 && (
          <Segmented
            label={words.categories}
            choices={[
              { id: ALL, name: words.allCategories },
              ...categories.map((id) => ({ id, name: id })),
            ]}
            value={category ?? ALL}
            onChange={(id) =>
              void navigate({
                search: ({ category: _old, ...rest }) =>
                  id === ALL ? rest : { ...rest, category: id },
                replace: true,
              })
            }
          />
        )}
      </div>
      {found.length === 0 && <EmptyState icon="search" title={words.nothingFound} />}
      <ul className={styles.cards}>
        {found.map((template) => (
          <Card key={template.id} template={template} onEdit={() => props.onEdit(template)} />
        ))}
      </ul>
    </>
  );
}

function Card({ template, onEdit }: { template: Template; onEdit: () => void }) {
  const words = useWords();
  const mayWork = useMay("templates.work");
  const maySend = useMay("messages.work");
  const [isAsked, setAsked] = useState(false);
  const { name, category, content, mediaIds } = template;
  return (
    <li className={styles.card}>
      <header className={styles.head}>
        <h2 className={styles.name}>{name}</h2>
        <Badge>{category}</Badge>
      </header>
      <p className={styles.content}>{content}</p>
      {mediaIds.length > 0 && <p className="muted">{words.templates.files(mediaIds.length)}</p>}
      {(mayWork || maySend) && (
        <footer className={styles.foot}>
          {maySend && (
            <ButtonLink
              to="/send"
              search={{ template: template.id }}
              size="s"
              icon="send"
              aria-label={words.templates.sendNamed(name)}
            >
              {words.templates.use}
            </ButtonLink>
          )}
          {mayWork && (
            <>
              <Button size="s" icon="edit" aria-label={words.templates.edit(name)} onPress={onEdit}>
                {words.common.edit}
              </Button>
              <IconButton
                size="s"
                icon="trash"
                label={words.templates.remove(name)}
                onPress={() => setAsked(true)}
              />
            </>
          )}
        </footer>
      )}
      {isAsked && (
        <RemoveDialog
          title={words.templates.removeTitle(name)}
          action={words.templates.removeYes}
          remove={() =>
            ok(
              api.DELETE("/api/templates/{templateId}", {
                params: { path: { templateId: template.id } },
              }),
            )
          }
          touches={["templates"]}
          done={words.templates.removed}
          onClose={() => setAsked(false)}
        >
          {words.templates.removeWhy}
        </RemoveDialog>
      )}
    </li>
  );
}
