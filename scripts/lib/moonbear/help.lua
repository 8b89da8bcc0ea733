local help = {} function help.main() io.write("help\n") return 0 end return help
