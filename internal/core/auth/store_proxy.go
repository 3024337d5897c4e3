package auth

import (
	"slices"
	"time"

	"linli/internal/kit/db"
)

const proxyColumns = `id, principal_district, principal, agent_district, agent, relation, agreed_how, agreed_at`

// districts are those in which the row stands.
func (p Proxy) districts() []int {
	return slices.Compact([]int{p.Principal.District, p.Agent.District})
}

func insertProxy(tx *db.Tx, p Proxy) error {
	for _, district := range p.districts() {
		_, err := tx.Exec(`INSERT INTO proxy (district, `+proxyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			district, p.ID, p.Principal.District, p.Principal.Person, p.Agent.District, p.Agent.Person,
			string(p.Relation), string(p.How), p.AgreedAt.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

// endProxy ends whatever lets the agent act for the principal.
func endProxy(tx *db.Tx, p Proxy, now time.Time) error {
	for _, district := range p.districts() {
		_, err := tx.Exec(`UPDATE proxy SET ended_at = $4
			WHERE district = $1 AND agent = $2 AND principal = $3 AND ended_at IS NULL`,
			district, p.Agent.Person, p.Principal.Person, now.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

func findProxy(tx *db.Tx, district int, id string) (Proxy, bool, error) {
	return db.One(tx, scanProxy, `SELECT `+proxyColumns+` FROM proxy
		WHERE district = $1 AND id = $2 AND ended_at IS NULL`, district, id)
}

func hasProxy(tx *db.Tx, district int, agent, principal string) (bool, error) {
	return tx.Get(`SELECT 1 FROM proxy
		WHERE district = $1 AND agent = $2 AND principal = $3 AND ended_at IS NULL LIMIT 1`,
		[]any{district, agent, principal}, new(int))
}

func proxiesOfAgent(tx *db.Tx, district int, agent string) ([]Proxy, error) {
	return db.All(tx, scanProxy, `SELECT `+proxyColumns+` FROM proxy
		WHERE district = $1 AND agent = $2 AND ended_at IS NULL ORDER BY agreed_at, id`, district, agent)
}

func proxiesOfPrincipal(tx *db.Tx, district int, principal string) ([]Proxy, error) {
	return db.All(tx, scanProxy, `SELECT `+proxyColumns+` FROM proxy
		WHERE district = $1 AND principal = $2 AND ended_at IS NULL ORDER BY agreed_at, id`, district, principal)
}

func scanProxy(s db.Scanner) (p Proxy, err error) {
	var at int64
	err = s.Scan(&p.ID, &p.Principal.District, &p.Principal.Person, &p.Agent.District, &p.Agent.Person,
		&p.Relation, &p.How, &at)
	p.AgreedAt = time.UnixMilli(at).UTC()
	return p, err
}
