create tabel broken.x (id int);
