"""The description of the event stream in ``GET /api/docs``."""

DESCRIPTION = """
Server-sent events, for `EventSource` or any client that reads lines. Whoever is signed in may open
it, and sees what their church's other routes let them see. It says what changed; ask the route of
that thing for the rest. Take a name that you do not know as news of nothing.

Of the stream itself: `hello` {id, resumed}: where the stream stands; unless `resumed`, fetch now
what you show. `reset` {id}: something was missed for good; fetch anew what you show. `state`
{live}: while false, events are late and none is lost. `bye` {reason}: it ends, because of
`token_expired` (refresh, then open it again), `session_ended` (sign in) or `restarting` (open it
again).

Of conversations: `conversation.updated` {conversationId, status, previousStatus, unreadCount,
reason, messageId, direction, preview, media: {kind, count}, participants, lastMessageAt,
assigneeId, mergedIntoId}: a thread is new or changed; `media` are the pictures and files of that
message, and `participants` how many others got it, a group text; with `mergedIntoId` it is gone,
and its messages are in that one.
`reply.status` {messageId, status, failure}: a reply was sent, delivered, failed. `staff.notified`
{conversationId, reason, messageId, by}, told to those who are meant: a note names you, a thread
became yours, a keyword came in. `notifications.changed` {kind}, told to your own streams alone:
your list has a new one, or some were read. `conversation.read` {conversationIds}, told to your
own streams alone: you have read these, here or on another device, so `unreadForMe` is false of
them until the next text. `presence.changed` {conversationId, adminId, isAnswering,
expiresAt}: somebody of the team began to write an answer or does so no more; it goes on past
`expiresAt` while they do, and ends with another event. `member.opted_out` and `member.opted_in`
{source}: somebody said STOP or START. `import.progressed` {importId, status, rows,
rowsDone, counts}: a file of people is checked, written or undone.

Of broadcasts: `message.created` {messageId, recipients, parts}, `message.started` {messageId},
`message.progress` {messageId, moved: [{from, to, count}]}, `message.cancelled` {messageId},
`message.completed` {messageId, counts, parts}, `message.responded` {messageId}: somebody texted
back, so its `responses` may have moved; `spend.declined` {messageId, code, reason}: the plan
does not cover it.

Of the plan: `allowance.updated` {allowanceParts, usedParts, reservedParts, status, periodEndsAt,
partPrice}; `subscription.updated`, the same with `plan`. All events of the church have
`occurredAt`.

The schema `StreamEvent` has each of them with all its fields: `event` is the name, `data` the JSON
of the line of that name. Every event of the church has an `id`. Who comes back with the last one,
as browsers do by themselves, is told what it missed in the last five minutes, once and in order, at
whichever gateway. On a quiet line there is a comment every 15 s, with an id. Who reads too slowly
is cut off, comes back and resumes.
An admin may have ten streams open.
""".strip()

EXAMPLE = """retry: 2000

id: 81204
event: hello
data: {"id":"81204","resumed":false}

id: 81207
event: conversation.updated
data: {"occurredAt":"2026-11-22T10:15:04.120Z",\
"conversationId":"0193a2f0-7c1e-7d3a-b4a7-1f3d5a9c2e10","status":"open","previousStatus":"closed","unreadCount":1,"reason":"received",\
"messageId":"0193a2f0-7c22-7b1f-8f6e-0a2b4c6d8e1f","direction":"inbound",\
"preview":"Is the service on?","media":null,"participants":0,\
"lastMessageAt":"2026-11-22T10:15:03Z","assigneeId":null,"mergedIntoId":null}

id: 81211
event: message.progress
data: {"occurredAt":"2026-11-22T10:15:06.003Z","messageId":"0193a2ef-11aa-7c55-9d01-5e6f7a8b9c0d",\
"moved":[{"from":"sent","to":"delivered","count":212}]}

: beat
id: 81240

event: bye
data: {"reason":"token_expired"}

"""
