module my_function

go 1.24
