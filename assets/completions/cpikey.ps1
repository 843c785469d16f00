# Completion of cpikey for PowerShell.
Register-ArgumentCompleter -Native -CommandName cpikey, cpikey.exe -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $elements = $commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition }
    $words = @($elements | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.ToString() }
    })
    $index = if ($wordToComplete -eq '') { $words.Count } else { $words.Count - 1 }
    & cpikey complete $index '--' @words 2>$null | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        $typed = if ($value -match '[^\w@%+=:./\\-]') { "'" + ($value -replace "'", "''") + "'" } else { $value }
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($typed, $value, 'ParameterValue', $help)
    }
}
