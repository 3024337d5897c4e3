// Package dbtest gives every test its own migrated database, on both engines.
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
//
//	func TestStore(t *testing.T) {
//		dbtest.Each(t, func(t *testing.T, d *db.DB) { … })
//	}
//
// SQLite is a file in the test's directory. PostgreSQL is a throw-away cluster of
// the test process, started when the first test asks for it and ended with the
// process, however that ends. Without PostgreSQL's programs those tests skip with
// one line that starts with "SKIP PostgreSQL:".
//
// Nothing here survives a crash of the machine: every guard against that is off.
package dbtest
