package web

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"sync"
	"time"

	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// IdempotencyStore keeps the answers to API posts by their Idempotency-Key (see
// package comment, "Once only"), in the table idempotency.
type IdempotencyStore struct {
	db    *db.DB
	seals *sealer

	mu   sync.Mutex // guards busy
	busy map[owner]bool
}

// owner is whose key it is: the primary key of its row.
type owner struct {
	district    int
	caller, key string
}

// kept is the row of a key.
type kept struct {
	hash   string
	status int // 0: the effect is there, the answer was never recorded
	answer string
	at     int64
}

// NewIdempotencyStore keeps answers in d, sealed under the secret (32 bytes or
// more, the same on every instance).
func NewIdempotencyStore(d *db.DB, secret []byte) (*IdempotencyStore, error) {
	seals, err := newSealer(secret)
	return &IdempotencyStore{db: d, seals: seals, busy: map[owner]bool{}}, err
}

// Forget deletes a district's answers from before t; a nightly job calls it. Keep
// them for as long as a client may come back, a few days at least.
func (st *IdempotencyStore) Forget(tx *db.Tx, district int, before time.Time) (int64, error) {
	return tx.Exec(`DELETE FROM idempotency WHERE district = $1 AND at < $2`, district, before.UnixMilli())
}

// errRepeated ends a transaction that found its key taken.
var errRepeated = errors.New("web: the key has been used")

// once is one keyed request on its way.
type once struct {
	st        *IdempotencyStore
	r         *Request
	owner     owner
	hash      string
	status    int          // of a new answer
	result    reflect.Type // whose value, given back by the transaction, is the answer
	body      []byte       // the answer recorded with the effect; nil while there is none
	committed bool         // the transaction that made the row
	repeated  bool         // the row was there already
}

// answer gives the first answer again, or makes it by call.
func (st *IdempotencyStore) answer(r *Request, key string, call func(*Request) (reply, error)) (reply, error) {
	o, err := st.begin(r, key)
	if err != nil {
		return reply{}, err
	}
	if !st.enter(o.owner) {
		return reply{}, stillAtIt()
	}
	defer st.leave(o.owner)
	if old, err := o.find(); err != nil || old != nil {
		return o.again(old, err)
	}
	ctx := db.WithHook(r.Context(), db.Hook{First: o.claim, Result: o.keep})
	fresh, err := call(r.withContext(ctx))
	switch {
	case o.repeated:
		return o.again(o.touch())
	case err != nil:
		return o.failed(err)
	}
	return o.finish(fresh), nil
}

// keyMost is the length of a key, in characters.
const keyMost = 255

// begin checks the key: visible ASCII characters only.
func (st *IdempotencyStore) begin(r *Request, key string) (*once, error) {
	for _, c := range []byte(key) {
		if c <= ' ' || c > '~' {
			return nil, fault.Invalid("Idempotency-Key", "Idempotency-Key 只能用看得见的英文字符。")
		}
	}
	if len(key) > keyMost {
		return nil, fault.Invalid("Idempotency-Key", "Idempotency-Key 最长 %d 个字符。", keyMost)
	}
	o := &once{st: st, r: r, owner: owner{key: key}, status: r.Route.status(), result: r.Route.Handle.output()}
	if r.Caller != nil {
		o.owner.district, o.owner.caller = r.Caller.District, r.Caller.Key
	}
	o.hash = st.seals.hash([]byte(r.Method), []byte(r.URL.RequestURI()), r.body)
	return o, nil
}

// enter lets one request per key through; another of the same instant would only
// wait inside the database for the first one's transaction.
func (st *IdempotencyStore) enter(who owner) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.busy[who] {
		return false
	}
	st.busy[who] = true
	return true
}

func (st *IdempotencyStore) leave(who owner) {
	st.mu.Lock()
	defer st.mu.Unlock()
	delete(st.busy, who)
}

func stillAtIt() error {
	return tryLater(http.StatusConflict, time.Second, fault.Busy("同一个请求正在办，等一下再问结果。"))
}

// find looks the key up. What it finds is touched, which is a write and so waits
// for the standby that a commit answered by time-out may not have reached yet.
func (o *once) find() (*kept, error) {
	var there bool
	err := o.st.db.Read(o.r.Context(), func(tx *db.Tx) (err error) {
		there, err = tx.Get(`SELECT 1 FROM idempotency WHERE district = $1 AND caller = $2 AND request_key = $3`,
			[]any{o.owner.district, o.owner.caller, o.owner.key}, new(int))
		return err
	})
	if err != nil || !there {
		return nil, err
	}
	return o.touch()
}

func (o *once) touch() (*kept, error) {
	var k kept
	var there bool
	err := o.st.db.Write(o.r.Context(), func(tx *db.Tx) (err error) {
		there, err = tx.Get(`UPDATE idempotency SET seen = seen + 1
			WHERE district = $1 AND caller = $2 AND request_key = $3
			RETURNING body_hash, status, answer, at`,
			[]any{o.owner.district, o.owner.caller, o.owner.key}, &k.hash, &k.status, &k.answer, &k.at)
		return err
	})
	if err != nil || !there {
		return nil, err
	}
	return &k, nil
}

// claim makes the row in the transaction of the effect, or ends the transaction.
func (o *once) claim(tx *db.Tx) error {
	var seen int
	_, err := tx.Get(`INSERT INTO idempotency (district, caller, request_key, body_hash, status, answer, at, seen)
		VALUES ($1, $2, $3, $4, 0, '', $5, 1)
		ON CONFLICT (district, caller, request_key) DO UPDATE SET seen = idempotency.seen + 1
		RETURNING seen`,
		[]any{o.owner.district, o.owner.caller, o.owner.key, o.hash, tx.Now().UnixMilli()}, &seen)
	if err != nil {
		return err
	}
	o.repeated = seen > 1
	if o.repeated {
		return errRepeated
	}
	tx.AfterCommit(func() { o.committed = true })
	return nil
}

// keep records the answer beside its effect when the transaction gives back the
// very view that is answered.
func (o *once) keep(tx *db.Tx, v any) error {
	if reflect.TypeOf(v) != o.result {
		return nil
	}
	body, err := marshal(v)
	if err != nil {
		return err
	}
	o.body = body
	return o.record(tx, reply{status: o.status, body: body})
}

func (o *once) record(tx *db.Tx, a reply) error {
	_, err := tx.Exec(`INSERT INTO idempotency (district, caller, request_key, body_hash, status, answer, at, seen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
		ON CONFLICT (district, caller, request_key) DO UPDATE SET status = excluded.status, answer = excluded.answer`,
		o.owner.district, o.owner.caller, o.owner.key, o.hash, a.status, o.st.seals.seal(a.body, o.row()), tx.Now().UnixMilli())
	return err
}

// row binds a sealed answer to its place.
func (o *once) row() string { return o.owner.caller + " " + o.owner.key + " " + o.hash }

// finish gives the answer that was recorded with the effect; one that was made
// afterwards is recorded now. When that fails the effect stands all the same, so
// the caller is answered and the failure only logged.
func (o *once) finish(fresh reply) reply {
	if o.body != nil {
		return reply{status: o.status, body: o.body}
	}
	ctx := context.WithoutCancel(o.r.Context())
	err := o.st.db.Write(ctx, func(tx *db.Tx) error { return o.record(tx, fresh) })
	o.r.logFailure(err)
	return fresh
}

// failed is the answer to a call that failed. When its transaction had been
// committed the failure is the first answer and kept as such, so that coming back
// does not run the effect again; our own failures are not, the effect may be whole.
func (o *once) failed(err error) (reply, error) {
	err = settle(err)
	if kind := fault.KindOf(err); !o.committed || kind == fault.KindBusy || kind == fault.KindInternal {
		return reply{}, err
	}
	fresh, err := o.r.problemReply(err)
	if err != nil {
		return reply{}, err
	}
	o.body = nil
	return o.finish(fresh), nil
}

// unsettled is how long an effect without a recorded answer may still be at work
// in another instance.
const unsettled = 30 * time.Second

// again is the answer to a key that was used before.
func (o *once) again(old *kept, err error) (reply, error) {
	switch {
	case err != nil:
		return reply{}, err
	case old == nil:
		return reply{}, stillAtIt()
	case old.hash != o.hash:
		return reply{}, fault.Conflict("这个 Idempotency-Key 已经用在另一个请求上了。内容不同的请求要用新的。")
	case old.status == 0 && o.st.db.Clock().Now().UnixMilli()-old.at < unsettled.Milliseconds():
		return reply{}, stillAtIt()
	case old.status == 0:
		return reply{}, fault.Conflict("这件事上一次已经办成了，只是答复没有送到。请看看现在的样子。")
	}
	body, err := o.st.seals.open(old.answer, o.row())
	return reply{status: old.status, body: body, replayed: true}, err
}
