from koinonia.common.operators import main

main()
