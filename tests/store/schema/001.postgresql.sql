-- head 13:a87cbc60f836c988c33a801484651204128f07abd88a85a7759fd40dd8ab2835
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA boneflare;
COMMENT ON SCHEMA boneflare IS '1';
CREATE FUNCTION boneflare.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
SET default_tablespace = '';
CREATE TABLE boneflare.assessments (
    id bigint NOT NULL,
    patient bigint NOT NULL,
    version bigint NOT NULL,
    as_of text NOT NULL COLLATE pg_catalog."C",
    rulebook text NOT NULL COLLATE pg_catalog."C",
    replay bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    p_flare bigint,
    p_progression bigint,
    low bigint,
    high bigint,
    alarms bigint NOT NULL,
    questions bigint NOT NULL,
    urgency bigint NOT NULL,
    next_step text NOT NULL COLLATE pg_catalog."C",
    due text NOT NULL COLLATE pg_catalog."C",
    made_ms bigint NOT NULL,
    made_by text NOT NULL COLLATE pg_catalog."C",
    json text NOT NULL COLLATE pg_catalog."C",
    audit bigint NOT NULL
);
CREATE TABLE boneflare.audit (
    seq bigint NOT NULL,
    at_ms bigint NOT NULL,
    who text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    details bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE TABLE boneflare.feedback (
    id bigint NOT NULL,
    service text NOT NULL COLLATE pg_catalog."C",
    card text NOT NULL COLLATE pg_catalog."C",
    outcome text NOT NULL COLLATE pg_catalog."C",
    json text NOT NULL COLLATE pg_catalog."C",
    at_ms bigint NOT NULL,
    audit bigint NOT NULL
);
CREATE TABLE boneflare.jtis (
    issuer text NOT NULL COLLATE pg_catalog."C",
    jti text NOT NULL COLLATE pg_catalog."C",
    expires_ms bigint NOT NULL
);
CREATE TABLE boneflare.latest (
    patient bigint NOT NULL,
    version bigint NOT NULL,
    updated_ms bigint NOT NULL,
    assessment bigint,
    review bigint
);
CREATE TABLE boneflare.patients (
    id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    patient_id text NOT NULL COLLATE pg_catalog."C",
    created_ms bigint NOT NULL,
    audit bigint NOT NULL
);
CREATE TABLE boneflare.records (
    id bigint NOT NULL,
    patient bigint NOT NULL,
    version bigint NOT NULL,
    made_ms bigint NOT NULL,
    made_by text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    source bigint,
    issues text NOT NULL COLLATE pg_catalog."C",
    losses text NOT NULL COLLATE pg_catalog."C",
    sha256 bytea NOT NULL,
    bytes bigint NOT NULL,
    content text NOT NULL COLLATE pg_catalog."C",
    audit bigint NOT NULL,
    CONSTRAINT records_version_check CHECK ((version > 0))
);
CREATE TABLE boneflare.reviews (
    id bigint NOT NULL,
    patient bigint NOT NULL,
    version bigint NOT NULL,
    assessment bigint,
    status bigint NOT NULL,
    as_of text NOT NULL COLLATE pg_catalog."C",
    at_ms bigint NOT NULL,
    who text NOT NULL COLLATE pg_catalog."C",
    note text NOT NULL COLLATE pg_catalog."C",
    audit bigint NOT NULL,
    CONSTRAINT reviews_status_check CHECK (((status >= 1) AND (status <= 4)))
);
CREATE TABLE boneflare.search (
    rowid bigint NOT NULL,
    words text NOT NULL,
    vector tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, words)) STORED
);
CREATE TABLE boneflare.sessions (
    token bytea NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    csrf text NOT NULL COLLATE pg_catalog."C",
    created_ms bigint NOT NULL,
    seen_ms bigint NOT NULL,
    expires_ms bigint NOT NULL
);
CREATE TABLE boneflare.sources (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    media_type text NOT NULL COLLATE pg_catalog."C",
    made_ms bigint NOT NULL,
    made_by text NOT NULL COLLATE pg_catalog."C",
    sha256 bytea NOT NULL,
    content bytea NOT NULL,
    audit bigint NOT NULL
);
CREATE TABLE boneflare.store (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    created_ms bigint NOT NULL,
    CONSTRAINT store_id_check CHECK ((id = 1))
);
CREATE TABLE boneflare.tokens (
    token bytea NOT NULL,
    purpose text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    expires_ms bigint NOT NULL
);
CREATE TABLE boneflare.users (
    name text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    password_hash text NOT NULL COLLATE pg_catalog."C",
    disabled bigint NOT NULL,
    created_ms bigint NOT NULL,
    audit bigint NOT NULL,
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['reader'::text, 'reviewer'::text, 'admin'::text])))
);
INSERT INTO boneflare.assessments VALUES (1, 1, 2, '', 'abc', 0, 'flare', 250000, 500000, 125000, 375000, 0, 0, 5, 'wait', '', 2000, 'ann', '{}', 10);
INSERT INTO boneflare.audit VALUES (1, 1000, 'store', 'store.create', '4mri6ubzq722rgwnfsbuczabza', '\xc544082c3cf74b76c08143f379e424b0cbbd1caae753569cb58e514280776a52', '\x0000000000000000000000000000000000000000000000000000000000000000', '\x3419eb929990a768d70c2b7f8eaf1f0c3f6a842b58112f74c85e3d3c941bc4bb');
INSERT INTO boneflare.audit VALUES (2, 1000, 'store', 'store.migrate', 'schema 1', '\x200fec416ee687f8363d262d18ad9fb1f5713c216a05abb433338095a47d4226', '\x3419eb929990a768d70c2b7f8eaf1f0c3f6a842b58112f74c85e3d3c941bc4bb', '\x3276bf66e11f84d4523d35efe4583efc7367590489b363324b532ef8f29f18cc');
INSERT INTO boneflare.audit VALUES (3, 2000, 'ann', 'user.create', 'root', '\x86d8905d4acc8830b962600a4ab5acd5b9f7dc2017c10e5db61d5e36fef21e00', '\x3276bf66e11f84d4523d35efe4583efc7367590489b363324b532ef8f29f18cc', '\x0e86ee819582b38d8dc01b7e75e312bfec9c4ce16731d070fe30fc504a5ae552');
INSERT INTO boneflare.audit VALUES (4, 2000, 'ann', 'source.put', 'source 1', '\xdcf8c1772f6a6f6ecc258d694d43f040012b9fe0c7241ef360c29becd84ebc98', '\x0e86ee819582b38d8dc01b7e75e312bfec9c4ce16731d070fe30fc504a5ae552', '\xfb89fe36ed731a84ab3c1fd074cf95b0c19651b763b05d22f0c6ec02fc363076');
INSERT INTO boneflare.audit VALUES (5, 2000, 'ann', 'patient.create', 's5guv5t3fdnhzrhajmuqzkgxwi', '\x3b966bbc3ce7e69cb66abc6e115906e46096f3e9496f03127257da371db9549b', '\xfb89fe36ed731a84ab3c1fd074cf95b0c19651b763b05d22f0c6ec02fc363076', '\xac2339b18ffa83c4ee580b27b58a97630ad3994228472d2c3c2738b1d509d611');
INSERT INTO boneflare.audit VALUES (6, 2000, 'ann', 'record.put', 's5guv5t3fdnhzrhajmuqzkgxwi', '\x4f8d1f5c05865555817886b523ba91a7d93d5334400245286ad4850f6444f811', '\xac2339b18ffa83c4ee580b27b58a97630ad3994228472d2c3c2738b1d509d611', '\x12a08c6b04f4ff977e1dbcda1a190fea69db40231667bb9d0ee245cdc9c4ced5');
INSERT INTO boneflare.audit VALUES (7, 2000, 'ann', 'patient.create', 'hiupc4jw5m6ypnphze6qna7r7y', '\x29941dfb69060b4ed376088ef0c85f7f3619206d0280dc7f0541d35bad830b7f', '\x12a08c6b04f4ff977e1dbcda1a190fea69db40231667bb9d0ee245cdc9c4ced5', '\x09facd1d05d76f9a67c9dee1342fb50fe1521fb742b7829aec1fc61afb6c02f1');
INSERT INTO boneflare.audit VALUES (8, 2000, 'ann', 'record.put', 'hiupc4jw5m6ypnphze6qna7r7y', '\xb5d3a7ef0c12e06827aaa3c8b95b12c944766008c9969762787c8788d01124e4', '\x09facd1d05d76f9a67c9dee1342fb50fe1521fb742b7829aec1fc61afb6c02f1', '\x7d1eb12d3ef20dc74fcafb51a27181c6b1c1b778b833bf913a13eb8039b91bc1');
INSERT INTO boneflare.audit VALUES (9, 2000, 'ann', 'record.put', 's5guv5t3fdnhzrhajmuqzkgxwi', '\x406b1a4f2671c68612d830123213a1f856db01bd37897829358308436ddf1996', '\x7d1eb12d3ef20dc74fcafb51a27181c6b1c1b778b833bf913a13eb8039b91bc1', '\x7c697ec492edeb94b0089fbcefd3a7991f7b030e312b18c2fe022c24ec70a4ea');
INSERT INTO boneflare.audit VALUES (10, 2000, 'ann', 'assessment.put', 's5guv5t3fdnhzrhajmuqzkgxwi', '\x8ec1b9f209ce192bb36bd8a6e5ed1f8c0fde5f7109fc166db064df037078dd99', '\x7c697ec492edeb94b0089fbcefd3a7991f7b030e312b18c2fe022c24ec70a4ea', '\x41080f101166522eb03d463a63a40b93da56be991d6b0b4c60704f69f65fa5ab');
INSERT INTO boneflare.audit VALUES (11, 2000, 'ann', 'review.put', 's5guv5t3fdnhzrhajmuqzkgxwi', '\x0b307075cd0917e894b8932e0ee34730a9373c1f6a9cffb274c6e00919865a52', '\x41080f101166522eb03d463a63a40b93da56be991d6b0b4c60704f69f65fa5ab', '\x408a0cee7941a0ba9416541ff2bc18beb47688ce1a4479ff708dbcf5a9389304');
INSERT INTO boneflare.audit VALUES (12, 2000, 'ann', 'feedback.put', 'patient-view', '\x2f6712989b5b8f8b84571ccff2b0146daa5333106bf536b91889de099f88a477', '\x408a0cee7941a0ba9416541ff2bc18beb47688ce1a4479ff708dbcf5a9389304', '\x2ab4ee13e15a5263d0c3b91626f6ab5d320ceb152978fe47a3bf31dd9af315b7');
INSERT INTO boneflare.audit VALUES (13, 2000, 'ann', 'patient.read', 'hiupc4jw5m6ypnphze6qna7r7y', '\x784ad4ccb39ac82edf315f15c460e6bf451d2ee009dbfde7c21bf8cd6e5a67eb', '\x2ab4ee13e15a5263d0c3b91626f6ab5d320ceb152978fe47a3bf31dd9af315b7', '\xa87cbc60f836c988c33a801484651204128f07abd88a85a7759fd40dd8ab2835');
INSERT INTO boneflare.feedback VALUES (1, 'patient-view', 'u-1', 'accepted', '{}', 2000, 12);
INSERT INTO boneflare.latest VALUES (2, 1, 2000, NULL, NULL);
INSERT INTO boneflare.latest VALUES (1, 2, 2000, 1, 1);
INSERT INTO boneflare.patients VALUES (1, 's5guv5t3fdnhzrhajmuqzkgxwi', 'P1, "quoted"', 2000, 5);
INSERT INTO boneflare.patients VALUES (2, 'hiupc4jw5m6ypnphze6qna7r7y', 'P2', 2000, 7);
INSERT INTO boneflare.records VALUES (1, 1, 1, 2000, 'ann', 'import', 1, '[]', '[]', '\xae51f26358f6416dce156d477042287650120b613178791b5b62228592f62019', 111, '{"schema":"boneflare.case/1","files":{"patients.csv":"patient,sex\nP1,F\n","labs.csv":"patient,date\nP1,d0\n"}}', 6);
INSERT INTO boneflare.records VALUES (2, 2, 1, 2000, 'ann', 'import', NULL, '[]', '[]', '\xc360a1a73c50f3722a4d906765d36f8db3efa7132b356d6d125ed93d72d4e309', 19, 'not of this program', 8);
INSERT INTO boneflare.records VALUES (3, 1, 2, 2000, 'ann', '', NULL, '[]', '[]', '\xae51f26358f6416dce156d477042287650120b613178791b5b62228592f62019', 111, '{"schema":"boneflare.case/1","files":{"patients.csv":"patient,sex\nP1,F\n","labs.csv":"patient,date\nP1,d0\n"}}', 9);
INSERT INTO boneflare.reviews VALUES (1, 1, 2, NULL, 4, '', 2000, 'ann', 'good', 11);
INSERT INTO boneflare.search VALUES (1, 'p1   quoted  lung erlotinib', DEFAULT);
INSERT INTO boneflare.search VALUES (2, 'p2 ', DEFAULT);
INSERT INTO boneflare.sources VALUES (1, 'case.zip', 'application/zip', 2000, 'ann', '\x2d28501a66adef190c7f5b220994e76d5cc30f1eb165a8ca6cab56dfd57092fe', '\x6100ff', 4);
INSERT INTO boneflare.store VALUES (1, '4mri6ubzq722rgwnfsbuczabza', 1000);
INSERT INTO boneflare.users VALUES ('root', 'admin', '$argon2id$x', 0, 2000, 3);
ALTER TABLE ONLY boneflare.assessments
    ADD CONSTRAINT assessments_audit_key UNIQUE (audit);
ALTER TABLE ONLY boneflare.assessments
    ADD CONSTRAINT assessments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY boneflare.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY boneflare.feedback
    ADD CONSTRAINT feedback_audit_key UNIQUE (audit);
ALTER TABLE ONLY boneflare.feedback
    ADD CONSTRAINT feedback_pkey PRIMARY KEY (id);
ALTER TABLE ONLY boneflare.jtis
    ADD CONSTRAINT jtis_pkey PRIMARY KEY (issuer, jti);
ALTER TABLE ONLY boneflare.latest
    ADD CONSTRAINT latest_pkey PRIMARY KEY (patient);
ALTER TABLE ONLY boneflare.patients
    ADD CONSTRAINT patients_audit_key UNIQUE (audit);
ALTER TABLE ONLY boneflare.patients
    ADD CONSTRAINT patients_key_key UNIQUE (key);
ALTER TABLE ONLY boneflare.patients
    ADD CONSTRAINT patients_patient_id_key UNIQUE (patient_id);
ALTER TABLE ONLY boneflare.patients
    ADD CONSTRAINT patients_pkey PRIMARY KEY (id);
ALTER TABLE ONLY boneflare.records
    ADD CONSTRAINT records_audit_key UNIQUE (audit);
ALTER TABLE ONLY boneflare.records
    ADD CONSTRAINT records_patient_version_key UNIQUE (patient, version);
ALTER TABLE ONLY boneflare.records
    ADD CONSTRAINT records_pkey PRIMARY KEY (id);
ALTER TABLE ONLY boneflare.reviews
    ADD CONSTRAINT reviews_audit_key UNIQUE (audit);
ALTER TABLE ONLY boneflare.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (id);
ALTER TABLE ONLY boneflare.search
    ADD CONSTRAINT search_pkey PRIMARY KEY (rowid);
ALTER TABLE ONLY boneflare.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token);
ALTER TABLE ONLY boneflare.sources
    ADD CONSTRAINT sources_audit_key UNIQUE (audit);
ALTER TABLE ONLY boneflare.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (id);
ALTER TABLE ONLY boneflare.store
    ADD CONSTRAINT store_pkey PRIMARY KEY (id);
ALTER TABLE ONLY boneflare.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (token);
ALTER TABLE ONLY boneflare.users
    ADD CONSTRAINT users_audit_key UNIQUE (audit);
ALTER TABLE ONLY boneflare.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (name);
CREATE INDEX assessments_of ON boneflare.assessments USING btree (patient, version, as_of);
CREATE INDEX reviews_of ON boneflare.reviews USING btree (patient, id);
CREATE INDEX search_vector ON boneflare.search USING gin (vector);
CREATE INDEX sources_sha256 ON boneflare.sources USING btree (sha256);
CREATE TRIGGER assessments_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON boneflare.assessments FOR EACH STATEMENT EXECUTE FUNCTION boneflare.refuse_change();
CREATE TRIGGER audit_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON boneflare.audit FOR EACH STATEMENT EXECUTE FUNCTION boneflare.refuse_change();
CREATE TRIGGER feedback_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON boneflare.feedback FOR EACH STATEMENT EXECUTE FUNCTION boneflare.refuse_change();
CREATE TRIGGER patients_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON boneflare.patients FOR EACH STATEMENT EXECUTE FUNCTION boneflare.refuse_change();
CREATE TRIGGER records_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON boneflare.records FOR EACH STATEMENT EXECUTE FUNCTION boneflare.refuse_change();
CREATE TRIGGER reviews_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON boneflare.reviews FOR EACH STATEMENT EXECUTE FUNCTION boneflare.refuse_change();
CREATE TRIGGER sources_no_change BEFORE DELETE OR UPDATE OR TRUNCATE ON boneflare.sources FOR EACH STATEMENT EXECUTE FUNCTION boneflare.refuse_change();
ALTER TABLE ONLY boneflare.assessments
    ADD CONSTRAINT assessments_audit_fkey FOREIGN KEY (audit) REFERENCES boneflare.audit(seq);
ALTER TABLE ONLY boneflare.assessments
    ADD CONSTRAINT assessments_patient_version_fkey FOREIGN KEY (patient, version) REFERENCES boneflare.records(patient, version);
ALTER TABLE ONLY boneflare.feedback
    ADD CONSTRAINT feedback_audit_fkey FOREIGN KEY (audit) REFERENCES boneflare.audit(seq);
ALTER TABLE ONLY boneflare.latest
    ADD CONSTRAINT latest_assessment_fkey FOREIGN KEY (assessment) REFERENCES boneflare.assessments(id);
ALTER TABLE ONLY boneflare.latest
    ADD CONSTRAINT latest_patient_fkey FOREIGN KEY (patient) REFERENCES boneflare.patients(id);
ALTER TABLE ONLY boneflare.latest
    ADD CONSTRAINT latest_review_fkey FOREIGN KEY (review) REFERENCES boneflare.reviews(id);
ALTER TABLE ONLY boneflare.patients
    ADD CONSTRAINT patients_audit_fkey FOREIGN KEY (audit) REFERENCES boneflare.audit(seq);
ALTER TABLE ONLY boneflare.records
    ADD CONSTRAINT records_audit_fkey FOREIGN KEY (audit) REFERENCES boneflare.audit(seq);
ALTER TABLE ONLY boneflare.records
    ADD CONSTRAINT records_patient_fkey FOREIGN KEY (patient) REFERENCES boneflare.patients(id);
ALTER TABLE ONLY boneflare.records
    ADD CONSTRAINT records_source_fkey FOREIGN KEY (source) REFERENCES boneflare.sources(id);
ALTER TABLE ONLY boneflare.reviews
    ADD CONSTRAINT reviews_assessment_fkey FOREIGN KEY (assessment) REFERENCES boneflare.assessments(id);
ALTER TABLE ONLY boneflare.reviews
    ADD CONSTRAINT reviews_audit_fkey FOREIGN KEY (audit) REFERENCES boneflare.audit(seq);
ALTER TABLE ONLY boneflare.reviews
    ADD CONSTRAINT reviews_patient_version_fkey FOREIGN KEY (patient, version) REFERENCES boneflare.records(patient, version);
ALTER TABLE ONLY boneflare.sessions
    ADD CONSTRAINT sessions_name_fkey FOREIGN KEY (name) REFERENCES boneflare.users(name);
ALTER TABLE ONLY boneflare.sources
    ADD CONSTRAINT sources_audit_fkey FOREIGN KEY (audit) REFERENCES boneflare.audit(seq);
ALTER TABLE ONLY boneflare.users
    ADD CONSTRAINT users_audit_fkey FOREIGN KEY (audit) REFERENCES boneflare.audit(seq);
