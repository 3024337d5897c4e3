package credential

import (
	"time"
)

// Badge is an achievement of one person in the terms of Open Badges 3.0.
type Badge struct {
	ID          string // address of the page that says whether it stands
	Name        string
	Description string
	Issuer      Profile
	From        time.Time // when it begins to hold
	Recipient   []Identity
	Number      string // of the certificate (licenseNumber)
	Narrative   string // what was done
	Start, End  time.Time
	Achievement Achievement
	Results     map[string]string // by the fragment of a ResultDescription of the achievement
	Status      Entry
}

// Profile is who issues.
type Profile struct{ DID, Name, URL, Phone string }

// Identity is one name of the person, in clear text: whoever is given the badge is
// meant to read it.
type Identity struct{ Type, Value string }

// Achievement is what was achieved.
type Achievement struct {
	ID, Name, Description, Criteria, Kind string
	Results                               []Measure
}

// Measure describes a result of the achievement: "minutes", "服务时长（分钟）".
type Measure struct{ Fragment, Name string }

// Document is the badge, not signed yet.
func (b Badge) Document() Document {
	return Document{
		"@context": []any{vcContext, badgeContext}, "id": b.ID, "type": []any{"VerifiableCredential", "OpenBadgeCredential"},
		"name": b.Name, "description": b.Description, "issuer": b.Issuer.document(),
		"validFrom": stamp(b.From), "credentialSubject": b.subject(), "credentialStatus": map[string]any(b.Status.document()),
		"credentialSchema": []any{map[string]any{"id": badgeSchema, "type": "1EdTechJsonSchemaValidator2019"}},
	}
}

func (p Profile) document() map[string]any {
	out := map[string]any{"id": p.DID, "type": []any{"Profile"}, "name": p.Name, "url": p.URL}
	if p.Phone != "" {
		out["phone"] = p.Phone
	}
	return out
}

func (b Badge) subject() map[string]any {
	var who, results []any
	for _, i := range b.Recipient {
		who = append(who, map[string]any{
			"type": "IdentityObject", "hashed": false, "identityHash": i.Value, "identityType": i.Type,
		})
	}
	for _, m := range b.Achievement.Results {
		results = append(results, map[string]any{
			"type": []any{"Result"}, "resultDescription": b.Achievement.ID + "-" + m.Fragment, "value": b.Results[m.Fragment],
		})
	}
	return map[string]any{
		"type": []any{"AchievementSubject"}, "identifier": who, "licenseNumber": b.Number, "narrative": b.Narrative,
		"activityStartDate": stamp(b.Start), "activityEndDate": stamp(b.End),
		"achievement": b.Achievement.document(), "result": results,
	}
}

func (a Achievement) document() map[string]any {
	var results []any
	for _, m := range a.Results {
		results = append(results, map[string]any{
			"id": a.ID + "-" + m.Fragment, "type": []any{"ResultDescription"}, "name": m.Name, "resultType": "RawScore",
		})
	}
	return map[string]any{
		"id": a.ID, "type": []any{"Achievement"}, "achievementType": a.Kind, "name": a.Name, "description": a.Description,
		"criteria": map[string]any{"narrative": a.Criteria}, "resultDescription": results,
	}
}
