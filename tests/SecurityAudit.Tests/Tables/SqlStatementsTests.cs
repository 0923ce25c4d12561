using System.Text;
using SecurityAudit.Capture.Tables;

namespace SecurityAudit.Tests.Tables;

/// <summary>Which table a statement changes, told from its text alone, as databases and people spell it.</summary>
public sealed class SqlStatementsTests
{
    [Theory]
    [InlineData("UPDATE \"AspNetUsers\" AS \"a\" SET \"PasswordHash\" = @p, \"Email\" = 'x=1, y' WHERE \"a\".\"Id\" = @i", "update AspNetUsers (PasswordHash, Email)")]
    [InlineData("UPDATE [a]\r\nSET [a].[PasswordHash] = @p\r\nFROM [dbo].[AspNetUsers] AS [a]\r\nWHERE [a].[Id] = @i", "update dbo.AspNetUsers (PasswordHash)")]
    [InlineData("DELETE FROM [a] FROM [AspNetUserRoles] AS [a]", "delete AspNetUserRoles ()")]
    [InlineData("DELETE `a` FROM `AspNetUserRoles` AS `a` WHERE 1=1", "delete AspNetUserRoles ()")]
    [InlineData("delete from aspnetuserroles", "delete aspnetuserroles ()")]
    [InlineData("INSERT INTO \"identity\".\"AspNetUserRoles\" (\"UserId\", \"RoleId\") VALUES ($1, $2)", "insert identity.AspNetUserRoles (UserId, RoleId)")]
    [InlineData("INSERT OR REPLACE INTO AspNetUserRoles SELECT * FROM Old", "insert AspNetUserRoles ()")]
    [InlineData("INSERT AspNetUserRoles (UserId) SELECT Id FROM AspNetUsers", "insert AspNetUserRoles (UserId)")]
    [InlineData("REPLACE INTO AspNetRoles (Id) VALUES (1)", "replace AspNetRoles (Id)")]
    [InlineData(
        "MERGE INTO AspNetRoles AS t USING s ON t.Id = s.Id WHEN MATCHED THEN UPDATE SET Name = s.Name WHEN NOT MATCHED THEN INSERT (Id) VALUES (1);",
        "merge AspNetRoles ()")]
    [InlineData("TRUNCATE TABLE AspNetUserRoles", "truncate AspNetUserRoles ()")]
    [InlineData("DROP TABLE IF EXISTS AspNetUserRoles", "drop AspNetUserRoles ()")]
    [InlineData("UPDATE OR ROLLBACK AspNetUsers SET Email = ''", "update AspNetUsers (Email)")]
    [InlineData("UPDATE TOP (3) [AspNetUsers] SET [Email] = NULL", "update AspNetUsers (Email)")]
    [InlineData("UPDATE ONLY AspNetUsers SET (Email, UserName) = ('a', 'b')", "update AspNetUsers (Email, UserName)")]
    [InlineData("WITH old AS (SELECT Id FROM AspNetUsers) DELETE FROM AspNetUserRoles WHERE UserId IN (SELECT Id FROM old)", "delete AspNetUserRoles ()")]
    [InlineData("UPDATE Other SET X = 1 UPDATE AspNetUsers SET Email = CONCAT(UserName, '@x')", "update Other (X); update AspNetUsers (Email)")]
    [InlineData("SELECT 1; -- UPDATE a SET b=1\r\n/* DELETE FROM c */ DELETE FROM AspNetUsers", "delete AspNetUsers ()")]
    [InlineData("/* /* */ UPDATE AspNetUsers SET Email = 1 -- */", "update AspNetUsers (Email)")]
    [InlineData("/*!50000 DELETE FROM AspNetUsers */", "delete AspNetUsers ()")]
    [InlineData("UPDATE \"odd\"\"name\" SET A = 1", "update odd\"name (A)")]
    [InlineData("DELETE FROM server.db..AspNetUsers", "delete AspNetUsers ()")]
    [InlineData("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", "insert t (a)")]
    [InlineData("INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 2", "insert t (a)")]
    public void AStatementIsReadAsDatabasesSpellIt(string sql, string expected) => Assert.Equal(expected, Read(sql));

    [Theory]
    [InlineData("SELECT * FROM AspNetUsers FOR UPDATE")]
    [InlineData("SELECT 'UPDATE AspNetUsers SET Email = 1', REPLACE(Email, 'a', 'b'), [Update], a.update FROM AspNetUsers")]
    [InlineData("SELECT 'it''s; DELETE FROM AspNetUsers'")]
    [InlineData("CREATE TABLE x (Id int REFERENCES AspNetUsers ON DELETE CASCADE ON UPDATE SET NULL)")]
    [InlineData("CREATE TRIGGER t AFTER UPDATE ON x BEGIN DELETE FROM AspNetUsers; END")]
    [InlineData("CREATE OR REPLACE FUNCTION f() AS 'x' DELETE FROM AspNetUsers")]
    [InlineData("UPDATE STATISTICS AspNetUsers")]
    [InlineData("SELECT * FROM a INNER MERGE JOIN b ON 1=1")]
    [InlineData("")]
    [InlineData("'")]
    [InlineData("UPDATE")]
    [InlineData("DELETE FROM")]
    [InlineData("/*")]
    [InlineData("[")]
    public void WhatOnlyLooksLikeAChangeIsNone(string sql) => Assert.Equal("", Read(sql));

    [Fact]
    public void StringsEndWhereTheDatabaseSaysSo()
    {
        Assert.Equal("", Read(@"SELECT 'it\'; DELETE FROM AspNetUsers; -- '", SqlDialect.Of("Pomelo.EntityFrameworkCore.MySql")));
        Assert.Equal("delete AspNetUsers ()", Read(@"SELECT 'C:\'; DELETE FROM AspNetUsers; -- '", SqlDialect.Of("Microsoft.EntityFrameworkCore.Sqlite")));
        Assert.Equal("", Read("SELECT $a$ DELETE FROM AspNetUsers $a$", SqlDialect.Of("Npgsql.EntityFrameworkCore.PostgreSQL")));
        Assert.Equal("", Read(@"SELECT E'it\'; DELETE FROM AspNetUsers; -- '", SqlDialect.Of("Npgsql.EntityFrameworkCore.PostgreSQL")));
    }

    [Fact]
    public void HostileTextIsReadInOnePassAndBounded()
    {
        string[] parts =
            ["'", "\"", "[", "/*", "UPDATE ", "UPDATE a SET ", "DELETE FROM a ", "FROM a ", "(", "a.", "$a", "$$", "\0", "𝒳", "--", "a,", "OR ", "TOP "];
        foreach (var part in parts)
        {
            var sql = new StringBuilder().Insert(0, part, (4 << 20) / part.Length).ToString();

            foreach (var dialect in new[] { default, new SqlDialect(HasBackslashes: true, HasDollarQuotes: true) })
            {
                Assert.InRange(SqlTokens.Of(sql, dialect).Count, 0, 1 << 16);
                var changes = SqlStatements.Read(sql, dialect);
                Assert.InRange(changes.Count, 0, SqlStatements.MaxChanges);
                Assert.All(changes, change => Assert.InRange(change.Columns.Length, 0, 64));
            }
        }
    }

    [Fact]
    public void NoTextThrows()
    {
        var random = new Random(20261125);
        string[] parts =
        [
            "UPDATE", "DELETE", "INSERT", "INTO", "FROM", "SET", "a", "\"b\"", "[c]", ".", ",", "(", ")", ";", "=", "'", "\"", "[", "]", "TOP", "OR", "AS",
            "JOIN", "MERGE", "$x$", "@p", "1",
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var sql = string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(1, 24)).Select(_ => parts[random.Next(parts.Length)]));
            SqlStatements.Read(sql, new SqlDialect(random.Next(2) == 0, random.Next(2) == 0));
        }
    }

    private static string Read(string sql, SqlDialect dialect = default) => string.Join("; ", SqlStatements.Read(sql, dialect).Select(change =>
        $"{change.Operation} {(change.Schema is null ? "" : change.Schema + ".")}{change.Table} ({string.Join(", ", change.Columns)})"));
}
