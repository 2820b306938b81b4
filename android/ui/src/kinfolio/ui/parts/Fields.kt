package kinfolio.ui.parts

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.OutlinedTextFieldDefaults
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.error
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.unit.dp
import kinfolio.ui.look.Icons

/** A field under its label; with [onDone] nobody reads over a shoulder what is typed, and Enter gives it; [isPrivate]: no keyboard learns or mends what is typed. What is wrong with it stands below, in words and with a sign, until it is mended. */
@Composable
internal fun Field(
    label: String,
    value: String,
    onValue: (String) -> Unit,
    modifier: Modifier = Modifier,
    lines: Int = 1,
    wrong: String? = null,
    showsLabel: Boolean = true,
    onDone: (() -> Unit)? = null,
    isPrivate: Boolean = false,
) {
    Column(modifier) {
        if (showsLabel) {
            Text(label, Modifier.padding(bottom = 4.dp), style = MaterialTheme.typography.labelMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
        }
        OutlinedTextField(
            value,
            onValue,
            Modifier.fillMaxWidth().semantics {
                contentDescription = label
                wrong?.let { error(it) }
            },
            singleLine = lines == 1,
            visualTransformation = if (onDone == null) VisualTransformation.None else PasswordVisualTransformation(),
            keyboardOptions = if (onDone == null) KeyboardOptions(autoCorrectEnabled = if (isPrivate) false else null) else KeyboardOptions(keyboardType = KeyboardType.Password, imeAction = ImeAction.Done),
            keyboardActions = KeyboardActions(onDone?.let { give -> { give() } }),
            minLines = lines,
            isError = wrong != null,
            shape = MaterialTheme.shapes.medium,
            textStyle = MaterialTheme.typography.bodyLarge,
            colors = OutlinedTextFieldDefaults.colors(
                focusedContainerColor = MaterialTheme.colorScheme.surfaceContainer,
                unfocusedContainerColor = MaterialTheme.colorScheme.surfaceContainer,
                errorContainerColor = MaterialTheme.colorScheme.surfaceContainer,
            ),
        )
        wrong?.let { Wrong(it) }
    }
}

/** What is wrong with the field above. */
@Composable
internal fun Wrong(text: String) {
    Row(Modifier.padding(top = 4.dp), verticalAlignment = Alignment.CenterVertically) {
        Icon(Icons.Warning, null, Modifier.size(16.dp), tint = MaterialTheme.colorScheme.error)
        Text(text, Modifier.padding(start = 8.dp), style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.error)
    }
}
