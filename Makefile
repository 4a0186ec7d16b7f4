.PHONY: test
test:
	dotnet test --solution Caretta.Actors.sln
