-- +goose Up
CREATE INDEX people_dotted_to ON people (dotted_to);

-- +goose Down
DROP INDEX people_dotted_to;
