using System.Runtime.CompilerServices;

namespace QuantGen.Tests.Verification;

/// <summary>Compares generated code with a checked-in file; <c>QUANTGEN_UPDATE_EXPECTED=1</c> writes the file instead.</summary>
internal static class ExpectedFile
{
    private const string UpdateVariable = "QUANTGEN_UPDATE_EXPECTED";

    public static void Match(string name, string actual, [CallerFilePath] string testFile = "")
    {
        string path = Path.Combine(TestFolder(testFile), "Expected", name);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        string expected = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(expected == actual, Difference(name, expected, actual));
    }

    public static string RepositoryFile(string path) => File.ReadAllText(RepositoryPath(path));

    public static string RepositoryPath(string path, [CallerFilePath] string testFile = "") => Path.GetFullPath(Path.Combine(TestFolder(testFile), "..", "..", path));

    private static string TestFolder(string testFile)
    {
        string folder = Path.GetDirectoryName(testFile)!;
        while (!Directory.Exists(Path.Combine(folder, "Expected")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests' folder 'Expected' was not found.");
        }

        return folder;
    }

    private static string Difference(string name, string expected, string actual)
    {
        string[] wanted = expected.Split('\n');
        string[] found = actual.Split('\n');
        int line = 0;
        while (line < wanted.Length && line < found.Length && wanted[line] == found[line])
        {
            line++;
        }

        return $"""
            The generated code differs from Expected/{name} at line {line + 1}:
              expected: {wanted.ElementAtOrDefault(line) ?? "(end)"}
              found:    {found.ElementAtOrDefault(line) ?? "(end)"}
            When the new text is right, run the tests once with {UpdateVariable}=1. The whole text:
            {actual}
            """;
    }
}
