-- head 13:bc392f2e61652d1ca1d189450018b890dc0ec9bc307bd38747c10a9cb96a1b25
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
INSERT INTO boneflare.audit VALUES (1, 1000, 'store', 'store.create', 't3sowbrq4uhzsh7i5vte46d6wi', '\xd27628b3e6585e768fea84e3bfe6864878dd55dd54c0f07148684d75dc608de7', '\x0000000000000000000000000000000000000000000000000000000000000000', '\x012ce1338f0020c690b8a207690dc261e3896d45d5359aea6262911c05ef542e');
INSERT INTO boneflare.audit VALUES (2, 1000, 'store', 'store.migrate', 'schema 1', '\x200fec416ee687f8363d262d18ad9fb1f5713c216a05abb433338095a47d4226', '\x012ce1338f0020c690b8a207690dc261e3896d45d5359aea6262911c05ef542e', '\xf1c7b20ecdaab6e4b68564b25aef3895d283c82e43bdbfa36188de024c8695bb');
INSERT INTO boneflare.audit VALUES (3, 2000, 'ann', 'user.create', 'root', '\x86d8905d4acc8830b962600a4ab5acd5b9f7dc2017c10e5db61d5e36fef21e00', '\xf1c7b20ecdaab6e4b68564b25aef3895d283c82e43bdbfa36188de024c8695bb', '\xc4d16d087f0fd8fffc4b24a47034d210fd4d0ff49fc14b1eeab85a1e7683df26');
INSERT INTO boneflare.audit VALUES (4, 2000, 'ann', 'source.put', 'source 1', '\x44d4272e1680075c94db07f64d128429c4560adba3ed0a41780ed7b3136431eb', '\xc4d16d087f0fd8fffc4b24a47034d210fd4d0ff49fc14b1eeab85a1e7683df26', '\x9e142a4cefc0f981af06e12310962fb7977ad58f1b192261ab69d5e33b7cebff');
INSERT INTO boneflare.audit VALUES (5, 2000, 'ann', 'patient.create', 'qc5ws5f5pz6j3fdgcq45ikozyy', '\x931b89c2ab328726482d8fe95c6381555a82b7f4575ac84817dba06a955ce6ab', '\x9e142a4cefc0f981af06e12310962fb7977ad58f1b192261ab69d5e33b7cebff', '\xce952dbb164154002db067b217f99e7a0ba36d0b934b9de29fee84139d9bd2be');
INSERT INTO boneflare.audit VALUES (6, 2000, 'ann', 'record.put', 'qc5ws5f5pz6j3fdgcq45ikozyy', '\x658009ca3d9bc0d3761e42a90cd2dade0a3559eb2d3cfb3e5b9ca870111ae1ce', '\xce952dbb164154002db067b217f99e7a0ba36d0b934b9de29fee84139d9bd2be', '\xd0359879f021c00e6ced261881bafe07e4335322f6b1de231080435c48dc995a');
INSERT INTO boneflare.audit VALUES (7, 2000, 'ann', 'patient.create', 'ifpthw7gjm2shfbzz4arsf26jm', '\x288539bf6862e71ae81348506e65a22289eb085e73d270433f78841ebc4a5fdb', '\xd0359879f021c00e6ced261881bafe07e4335322f6b1de231080435c48dc995a', '\x1b0768f070df37bb1bef90e688cd9ea4f07bdadb61c091473eeb64b981afcedc');
INSERT INTO boneflare.audit VALUES (8, 2000, 'ann', 'record.put', 'ifpthw7gjm2shfbzz4arsf26jm', '\x41e17e9318a1c58a93dc3bc0400aee4cc174356c74c4b3dfd1380e7949201665', '\x1b0768f070df37bb1bef90e688cd9ea4f07bdadb61c091473eeb64b981afcedc', '\x8ad4d9a028fa46d731f8e8f0c415825a8ebd126c036e3a65f57cceb4f0476b38');
INSERT INTO boneflare.audit VALUES (9, 2000, 'ann', 'record.put', 'qc5ws5f5pz6j3fdgcq45ikozyy', '\xf320785d14b2c4ac72f70bb97114a8fdb30af3f15063d62005be76fe2f49c0d5', '\x8ad4d9a028fa46d731f8e8f0c415825a8ebd126c036e3a65f57cceb4f0476b38', '\x794c1e08ade8b61e4ef18a308fe1eaba1fb7fecd41ff4c607d7ac3d3341d030b');
INSERT INTO boneflare.audit VALUES (10, 2000, 'ann', 'assessment.put', 'qc5ws5f5pz6j3fdgcq45ikozyy', '\x8ec1b9f209ce192bb36bd8a6e5ed1f8c0fde5f7109fc166db064df037078dd99', '\x794c1e08ade8b61e4ef18a308fe1eaba1fb7fecd41ff4c607d7ac3d3341d030b', '\x1a928ecfa1587e7071cebb4d10c578bcd9eb1ff60910bbb971ffdeca5dd2d33d');
INSERT INTO boneflare.audit VALUES (11, 2000, 'ann', 'review.put', 'qc5ws5f5pz6j3fdgcq45ikozyy', '\x0b307075cd0917e894b8932e0ee34730a9373c1f6a9cffb274c6e00919865a52', '\x1a928ecfa1587e7071cebb4d10c578bcd9eb1ff60910bbb971ffdeca5dd2d33d', '\xe0bb8dd72d8a21cf503d39778eed238323d95cba8f9bd11cc27029e7bee9591f');
INSERT INTO boneflare.audit VALUES (12, 2000, 'ann', 'feedback.put', 'patient-view', '\x2f6712989b5b8f8b84571ccff2b0146daa5333106bf536b91889de099f88a477', '\xe0bb8dd72d8a21cf503d39778eed238323d95cba8f9bd11cc27029e7bee9591f', '\x57a017a358794dc7e7ebc399421d43bbe053055dc2bfbb632480cdaf1002a54b');
INSERT INTO boneflare.audit VALUES (13, 2000, 'ann', 'patient.read', 'ifpthw7gjm2shfbzz4arsf26jm', '\x41466634cdf1986a293d5367b33a4d83c5d204464b5f0b680c836163b6a6de88', '\x57a017a358794dc7e7ebc399421d43bbe053055dc2bfbb632480cdaf1002a54b', '\xbc392f2e61652d1ca1d189450018b890dc0ec9bc307bd38747c10a9cb96a1b25');
INSERT INTO boneflare.feedback VALUES (1, 'patient-view', 'u-1', 'accepted', '{}', 2000, 12);
INSERT INTO boneflare.latest VALUES (2, 1, 2000, NULL, NULL);
INSERT INTO boneflare.latest VALUES (1, 2, 2000, 1, 1);
INSERT INTO boneflare.patients VALUES (1, 'qc5ws5f5pz6j3fdgcq45ikozyy', 'P1, "quoted"', 2000, 5);
INSERT INTO boneflare.patients VALUES (2, 'ifpthw7gjm2shfbzz4arsf26jm', 'P2', 2000, 7);
INSERT INTO boneflare.records VALUES (1, 1, 1, 2000, 'ann', 'import', 1, '[]', '[]', '\xae51f26358f6416dce156d477042287650120b613178791b5b62228592f62019', 111, '{"schema":"boneflare.case/1","files":{"patients.csv":"patient,sex\nP1,F\n","labs.csv":"patient,date\nP1,d0\n"}}', 6);
INSERT INTO boneflare.records VALUES (2, 2, 1, 2000, 'ann', 'import', NULL, '[]', '[]', '\xc360a1a73c50f3722a4d906765d36f8db3efa7132b356d6d125ed93d72d4e309', 19, 'not of this program', 8);
INSERT INTO boneflare.records VALUES (3, 1, 2, 2000, 'ann', '', NULL, '[]', '[]', '\xae51f26358f6416dce156d477042287650120b613178791b5b62228592f62019', 111, '{"schema":"boneflare.case/1","files":{"patients.csv":"patient,sex\nP1,F\n","labs.csv":"patient,date\nP1,d0\n"}}', 9);
INSERT INTO boneflare.reviews VALUES (1, 1, 2, NULL, 4, '', 2000, 'ann', 'good', 11);
INSERT INTO boneflare.search VALUES (1, 'p1   quoted  lung erlotinib', DEFAULT);
INSERT INTO boneflare.search VALUES (2, 'p2 ', DEFAULT);
INSERT INTO boneflare.sources VALUES (1, 'case.zip', 'application/zip', 2000, 'ann', '\x2d28501a66adef190c7f5b220994e76d5cc30f1eb165a8ca6cab56dfd57092fe', '\x6100ff', 4);
INSERT INTO boneflare.store VALUES (1, 't3sowbrq4uhzsh7i5vte46d6wi', 1000);
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
