// Package volunteer is the volunteer 志愿者: a person who agreed to serve, with
// skills, weekly free time, how far they walk and the limits they set themselves.
//
//	                ┌── confirm ──▶ active ◀── resume ──┐
//	roster ─▶ pending               │ ▲ └─── pause ───▶ paused
//	                └── decline ─┐  │ │                    │
//	register ──────────────────┼──┘ └── register again    │
//	                             ▼                         │
//	                            left ◀──────── leave ──────┘
//
// Nobody is registered as a volunteer against their will: who comes from a
// roster (志愿者花名册) stands as pending (待本人确认) until they agree, and agreeing
// is one agreement per purpose (PIPL, article 14). Somebody under 18 needs a
// guardian who agrees; a child under 14 stands as pending until the station has
// spoken with the guardian.
//
// # What holds
//
//   - Only active volunteers are asked to serve, and only they and the paused are
//     counted as the volunteers of a place.
//   - Who is active or paused holds the role volunteer at their community.
//   - The number is the platform's own (MZ/T 061) and is never given twice in a
//     district.
//   - Every change writes an event of kind "volunteer".
package volunteer
