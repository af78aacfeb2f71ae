-- Besides the warehouse, which POSTGRES_DB names. Run once, on an empty volume.
create database mlflow;
