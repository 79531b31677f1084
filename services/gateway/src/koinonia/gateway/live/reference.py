"""What ``GET /api/docs`` says of the event stream."""

DESCRIPTION = """
Server-sent events for `EventSource` or any client that reads lines. Whoever may sign in may open
it; you see your church's events, as far as your role lets you read the same by other routes. It
says *what* changed; ask the route of that thing for the rest.

| event | data | when |
|---|---|---|
| `hello` | `id`, `resumed` | where the stream stands; unless `resumed`, fetch what you show now |
| `reset` | `id` | something was missed for good: fetch what you show anew |
| `state` | `live` | `false`: events are late, none is lost; `true`: they come as they happen |
| `bye` | `reason` | the stream ends: `token_expired` (refresh, then open it again), \
`session_ended` (sign in), `restarting` (open it again) |
| `conversation.updated` | `conversationId`, `status`, `previousStatus`, `unreadCount`, `reason`, \
`messageId`, `direction`, `preview`, `lastMessageAt`, `assigneeId` | a thread is new or changed |
| `staff.notified` | `conversationId`, `reason`, `messageId`, `by` | you are meant: a note names \
you, a thread became yours, a keyword came in |
| `reply.status` | `messageId`, `status`, `failure` | a reply was sent, delivered, failed |
| `message.created` | `messageId`, `recipients`, `parts` | a broadcast exists |
| `message.started`, `message.cancelled` | `messageId` | |
| `message.progress` | `messageId`, `moved: [{from, to, count}]` | texts of a broadcast moved |
| `message.completed` | `messageId`, `counts`, `parts` | nothing of it is open any more |
| `spend.declined` | `messageId`, `code`, `reason` | the plan does not cover a message |
| `allowance.updated` | `allowanceParts`, `usedParts`, `reservedParts`, `status`, `periodEndsAt`, \
`partPrice` | |
| `subscription.updated` | the same and `plan` | |
| `member.opted_out`, `member.opted_in` | `source` | somebody said STOP or START |

Each of these has `occurredAt`. Take a name you do not know as news of nothing.

Every event has an `id`. A client that comes back with the last one, as browsers do by themselves,
is told what it missed in the last five minutes, exactly once and in order, whichever gateway it
comes to. A comment every 15 s, with an id, shows that the line holds. A client that reads too
slowly is cut off; it comes back and resumes. Ten streams per admin may be open.
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
"preview":"Is the service on?","lastMessageAt":"2026-11-22T10:15:03Z","assigneeId":null}

id: 81211
event: message.progress
data: {"occurredAt":"2026-11-22T10:15:06.003Z","messageId":"0193a2ef-11aa-7c55-9d01-5e6f7a8b9c0d",\
"moved":[{"from":"sent","to":"delivered","count":212}]}

: beat
id: 81240

event: bye
data: {"reason":"token_expired"}

"""
