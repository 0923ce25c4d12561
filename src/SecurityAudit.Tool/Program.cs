Console.WriteLine("security-audit");
