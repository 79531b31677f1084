-- Who is known on a phone: who has it, and who had it before two members became one. The id is that
-- of the person of today; contact_id may be that of a member who is gone. CASE and not coalesce,
-- which under row-level security keeps PostgreSQL from its indexes.
CREATE OR REPLACE VIEW known_people WITH (security_invoker = true) AS
SELECT church_id, phone_index,
       CASE WHEN stands_for IS NULL THEN member_id ELSE stands_for END AS member_id,
       first_name, last_name, stands_for IS NOT NULL AS is_former, member_id AS contact_id
  FROM contacts
 WHERE phone_index IS NOT NULL
