// Package record is the service record 服务记录: the legal record of time actually
// spent (令67, article 7), with the grade of its evidence. Rows are added once per
// source and never changed or deleted. One person's rows never overlap in time.
package record
