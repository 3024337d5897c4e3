package certificate

import "linli/internal/kit/db"

// CheckRegister is the invariant of this package: the serial numbers of a place and
// day have no gap, whatever is issued is signed and has rows of the record, and what
// is not has no number. It returns one line per finding.
func CheckRegister(tx *db.Tx) ([]string, error) {
	var bad []string
	for _, query := range []string{
		`SELECT 'certificate: ' || s.place || ' gave ' || CAST(s.last AS TEXT) || ' numbers on ' || s.day || ', the register has another count'
			FROM certificate_serial s WHERE s.last <> (SELECT count(*) FROM certificate c WHERE c.district = s.district
				AND substr(c.number, 1, 25) = 'LL-' || s.place || '-' || replace(s.day, '-', '') || '-')`,
		`SELECT 'certificate: ' || id || ' is ' || state || ' with number ' || number FROM certificate
			WHERE (number <> '') <> (state IN ('issued', 'revoked')) OR (number <> '') <> (credential <> '')`,
		`SELECT 'certificate: ' || c.number || ' stands on no row of the record' FROM certificate c
			WHERE c.number <> '' AND NOT EXISTS (SELECT 1 FROM certificate_row r WHERE r.district = c.district AND r.certificate = c.id)`,
	} {
		lines, err := db.All(tx, func(s db.Scanner) (l string, err error) { return l, s.Scan(&l) }, query)
		if err != nil {
			return nil, err
		}
		bad = append(bad, lines...)
	}
	return bad, nil
}
