"""The values of one member in the texts of others: what that member would read."""

from collections.abc import Sequence
from uuid import UUID

from koinonia.messaging.composing import text_fields
from koinonia.messaging.people.audience import Audience


def taken(reached: Audience, member_id: UUID, fields: Sequence[str]) -> Audience:
    """The same audience, whose ``fields`` are all those of this member. Nobody is reached where
    the church has no such member."""
    sql = f"""
        SELECT reached.phone_index, reached.member_id, reached.member_ids, reached.zones,
               sample.merge_values, reached.phone_sealed, reached.reason
          FROM ({reached.sql}) AS reached
         CROSS JOIN (SELECT {text_fields.columns(fields)} AS merge_values FROM members m
                      WHERE m.church_id = :church_id AND m.id = :values_of
                      GROUP BY m.id) AS sample
    """
    return Audience(sql, reached.parameters | {"values_of": member_id})
